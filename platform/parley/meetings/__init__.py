"""Meetings: times asked and answered, fixed, moved, held; each person's own place in them, and their calendar entry."""
