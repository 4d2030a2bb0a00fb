"""A web process that takes as many requests as it may, for tests of fair use: ``python busy_process.py URL COUNCIL``.

Prints how many of its requests were let through, after having tried for two seconds on end.
"""

import sys
import time
import uuid

from werkzeug.exceptions import TooManyRequests

from parley.db.keys import Vault
from parley.db.session import Database, engine_for
from parley.web.fair_use import Counted, FairUse, lease_from

RATE = 40
SECONDS = 2.0


def main(url: str, authority: str) -> None:
    """Take requests of one council until the time is over."""
    database = Database({"app": engine_for(url)}, Vault(bytes(32)))
    share, through = FairUse({Counted.API: RATE}, lease_from(database)), 0
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        try:
            share.take(uuid.UUID(authority), Counted.API)
            through += 1
        except TooManyRequests:
            time.sleep(0.001)
    database.dispose()
    sys.stdout.write(f"{through}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
