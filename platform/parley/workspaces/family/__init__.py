"""The pages of families: what the service is, the check, the request, and what became of it."""
