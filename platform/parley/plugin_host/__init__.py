"""The host side of plugins: discovery, one process per plugin and council, the supervisor, and the gateway to it."""
