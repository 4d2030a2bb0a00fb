"""Another data key in the place of a realm's own, and everything that the key seals sealed anew."""
