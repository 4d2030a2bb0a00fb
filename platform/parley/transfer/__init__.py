"""A council's records taken out for the council."""
