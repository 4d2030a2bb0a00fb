"""Global Mediation as a Parley provider plugin; ``plugin`` is what the entry point names."""

from typing import Final

from parley_global_mediation.plugin import GlobalMediation

plugin: Final = GlobalMediation()
