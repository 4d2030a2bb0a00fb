"""Built files: the style sheet, the scripts and the icon, each under a name that carries a hash of its content."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

STATIC_FOLDER = Path(__file__).parent / "static"
BUILT = "build"

_HASHED = re.compile(r"/build/[\w-]+\.[0-9a-f]{12}\.\w+$")


class AssetsNotBuilt(RuntimeError):
    """The style sheet and scripts have not been built: run ``npm ci && npm run build``."""


class Assets:
    """Where each built file is served."""

    def __init__(self, names: Mapping[str, str], *, prefix: str = "/static") -> None:
        """Keep ``names`` (plain name to built name); addresses start with ``prefix``."""
        self._addresses = {name: f"{prefix}/{BUILT}/{built}" for name, built in names.items()}

    @classmethod
    def load(cls, folder: Path = STATIC_FOLDER, *, prefix: str = "/static") -> "Assets":
        """Read the manifest that ``npm run build`` wrote below ``folder``; raise AssetsNotBuilt without one."""
        manifest = folder / BUILT / "manifest.json"
        try:
            names = json.loads(manifest.read_text("utf-8"))
        except FileNotFoundError:
            raise AssetsNotBuilt(
                f"{manifest} is missing: the pages' style sheet and scripts are not built. "
                "Run `npm ci && npm run build` in the project's folder (`make run` and `make test` do it)."
            ) from None
        return cls(names, prefix=prefix)

    def url(self, name: str) -> str:
        """Return the address of the built file ``name``, such as ``parley.css``; KeyError if there is none."""
        return self._addresses[name]


def is_immutable(url: str) -> bool:
    """Tell whether the file at ``url`` can never change, so that browsers may keep it for ever."""
    return _HASHED.search(url) is not None
