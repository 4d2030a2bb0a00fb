"""Who may do what: actors, realms, roles, permissions, and the one table that joins them. Pure."""
