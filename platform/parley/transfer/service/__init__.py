"""Use cases: a council's records taken out, carried, brought in."""
