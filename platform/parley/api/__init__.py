"""The JSON API, by resource. Version 1 lies under /api/v1 on every council's own host."""
