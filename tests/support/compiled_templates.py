"""Where the applications of all tests keep their compiled templates.

Most tests build an application of their own, and compiling what it shows would take longer than the rest of the test.
A template that has changed is compiled again.
"""

from support.signin_server import ROOT

FOLDER = ROOT / ".pytest_cache" / "templates"
