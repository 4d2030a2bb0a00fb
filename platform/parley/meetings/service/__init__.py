"""Use cases of meetings; each commits its own transaction."""
