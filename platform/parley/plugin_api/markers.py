"""The names that tie a plugin to its host: interface version, entry point group, and the two pluggy markers."""

from typing import Final

import pluggy

#: (major, minor). Minor grows by addition only; a new major may remove, rename or narrow (docs/write-a-plugin.md).
API_VERSION: Final = (1, 0)

#: Where a distribution names its plugin, so that the host can find it without importing it.
ENTRY_POINT_GROUP: Final = "parley.plugins"

PROJECT: Final = "parley"

#: Marks a method of a plugin as the implementation of the hook of the same name.
hookimpl: Final = pluggy.HookimplMarker(PROJECT)

#: Marks a specification; used by ``parley.plugin_api.hookspecs`` only.
hookspec: Final = pluggy.HookspecMarker(PROJECT)
