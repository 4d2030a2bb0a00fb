"""Where the cases are of councils in whose place the council at hand came. Pages only lead there: no row is read."""

from parley.web import current
from parley.web.runtime import runtime


def predecessors() -> list[tuple[str, str]]:
    """Return the name and the address of the site of each council in whose place this site's council came, by name."""
    known = runtime()
    return [
        (council.name, known.settings.external_url(council.host, ""))
        for council in known.sites.predecessors(current.authority_id())
    ]
