"""What a run is to measure, and what its parts share: the server, and a deployment with England's councils."""

import dataclasses
import functools
import shutil
import sys
import tempfile
from collections.abc import Callable

from bench.england import AUTHORITIES, England, england
from bench.stand import Stand

CASES = 10_000
ROUNDS = 5
SECONDS = 2.0

#: What a case takes on the disk with all its parts, the indexes, and the log of having written them.
BYTES_A_CASE = 15_000


@dataclasses.dataclass(frozen=True, kw_only=True)
class Options:
    """How large and how long. ``cases`` is for each council; ``seconds`` that a page is asked for in a round."""

    councils: int = AUTHORITIES
    cases: int = CASES
    rounds: int = ROUNDS
    seconds: float = SECONDS

    @property
    def few_cases(self) -> int:
        """For each council, where a hundredth of the cases is measured beside all; never too few for a full list."""
        return max(60, self.cases // 100)


class Run:
    """One run: its options, and what is made once for all its parts, when the first one asks."""

    def __init__(self, here: Stand, options: Options) -> None:
        """Take the server, which is empty."""
        self.here, self.options = here, options

    @functools.cached_property
    def few(self) -> England:
        """All councils, with few cases each. No connection to it is open."""
        return self.england("few", councils=self.options.councils, cases=self.options.few_cases)

    def england(self, name: str, *, councils: int, cases: int) -> England:
        """Make a deployment of councils with cases; say how long it took and what it takes on the disk."""
        count = councils * cases
        free = shutil.disk_usage(tempfile.gettempdir()).free
        if free < count * BYTES_A_CASE:
            raise SystemExit(
                f"{count:,} cases need {count * BYTES_A_CASE / 1e9:.0f} GB in {tempfile.gettempdir()}, and "
                f"{free / 1e9:.0f} GB are free. Make room, set TMPDIR, or take fewer: make bench CASES=1000"
            )
        made = england(self.here, name, councils=councils, cases=cases, progress=bar(count, f"Writing cases ({name})"))
        size = made.deployed.size() / 1e9
        say(f"{count:,} cases at {councils} councils in {made.seconds:.0f} s; {size:.1f} GB on the disk.")
        return made


def bar(count: int, what: str) -> Callable[[int], None]:
    """Return what shows on a terminal how many of ``count`` are done."""

    def show(done: int) -> None:
        filled = 30 * done // count
        sys.stderr.write(f"\r{what} [{'#' * filled}{' ' * (30 - filled)}] {done:,} of {count:,}")
        sys.stderr.write("\n" if done >= count else "")
        sys.stderr.flush()

    return show if sys.stderr.isatty() else lambda done: None


def say(text: str) -> None:
    """Tell whoever waits."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
