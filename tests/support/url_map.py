"""The addresses that there are, for tests that try each: read from the URL map of an application that serves nobody."""

import pathlib
import tempfile

from werkzeug.routing import Rule

from parley.app import create_app
from support.deployment import NOWHERE, deployment
from support.exploration import address, named_by


def _rules() -> list[Rule]:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(deployment(pathlib.Path(folder), NOWHERE))
    app.extensions["parley"].database.dispose()
    return sorted(app.url_map.iter_rules(), key=address)


#: Every address, with its method.
ADDRESSES = [(rule, method) for rule in _rules() for method in ("GET", "POST") if method in (rule.methods or ())]

#: Those that name something which is somebody's.
NAMED = [(address(rule), method) for rule, method in ADDRESSES if named_by(rule)]

#: Those that name something within something.
NAMED_PARTS = [(address(rule), method) for rule, method in ADDRESSES if len(named_by(rule)) > 1]
