"""How much one plugin process may take. Every number has its unit in its name."""

import dataclasses
import datetime as dt


@dataclasses.dataclass(frozen=True, kw_only=True)
class Limits:
    """Bounds of one plugin process and of one call in it.

    ``private_addresses`` lets plugins connect to loopback and private networks, for a provider's sandbox on the same
    machine; in production it stays off, so that a plugin cannot be talked into reading an inside service.
    """

    memory_bytes: int = 512 * 1024 * 1024
    cpu_seconds_per_call: int = 30
    open_files: int = 64
    output_bytes_per_call: int = 256 * 1024
    logged_lines_per_call: int = 50
    start_seconds: float = 20.0
    longest_call_seconds: float = 120.0
    idle_seconds: float = 900.0
    most_processes: int = 64
    private_addresses: bool = False


def seconds_until(deadline: dt.datetime) -> float:
    """Return how much time is left, by the machine's own clock; nothing once the deadline has passed."""
    return max((deadline - dt.datetime.now(dt.UTC)).total_seconds(), 0.0)
