"""The append-only record of who did what; ids and codes only."""
