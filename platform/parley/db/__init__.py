"""The database: base classes, sessions with a scope, the walls, and keys."""
