"""Parley's public plugin interface, version 1.0.

Everything a plugin may import lives below this package, and this package imports nothing else of Parley. A plugin is
an *instance* of a class with ``@hookimpl`` methods, named by an entry point in the group ``parley.plugins``. See
docs/write-a-plugin.md for a walk through and docs/hooks.md for each hook.
"""

from parley.plugin_api.markers import API_VERSION, ENTRY_POINT_GROUP, hookimpl

__all__ = ["API_VERSION", "ENTRY_POINT_GROUP", "hookimpl"]
