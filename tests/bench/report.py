"""What the runs came to: a table for people, JSON for programs, and whether it is good enough."""

import dataclasses
import json
import os
import pathlib
import platform
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from bench.assessing import Rate
from bench.load import Measured
from bench.scenes import Scene


@dataclasses.dataclass(frozen=True, kw_only=True)
class Round:
    """One run of a page and, right before it, of its floor: a busy machine slows both."""

    floor: Measured
    page: Measured

    @property
    def ratio(self) -> float:
        """The page's rate as a share of its floor's."""
        return self.page.rate / self.floor.rate


@dataclasses.dataclass(frozen=True, kw_only=True)
class Result:
    """What all rounds of one page came to: medians."""

    scene: Scene
    rounds: Sequence[Round]
    statements: int

    @property
    def ratio(self) -> float:
        """The page's share of its floor."""
        return median(one.ratio for one in self.rounds)

    @property
    def misses(self) -> list[str]:
        """What is not good enough, in words."""
        scene, missed = self.scene, []
        if scene.target is not None and self.ratio < scene.target:
            missed.append(f"{scene.name}: {self.ratio:.2f} of the {scene.floor} floor; wanted: {scene.target}")
        if scene.most_statements is not None and self.statements > scene.most_statements:
            missed.append(f"{scene.name}: {self.statements} statements; wanted: {scene.most_statements} at most")
        return missed

    def as_json(self) -> dict[str, Any]:
        """Return it for programs."""
        return {
            "page": self.scene.name,
            "floor": self.scene.floor,
            "requests_per_second": round(median(one.page.rate for one in self.rounds), 1),
            "p99_ms": round(median(one.page.p99_ms for one in self.rounds), 1),
            "floor_requests_per_second": round(median(one.floor.rate for one in self.rounds), 1),
            "ratio": round(self.ratio, 3),
            "ratios": [round(one.ratio, 3) for one in self.rounds],
            "target": self.scene.target,
            "goal": self.scene.goal,
            "statements": self.statements,
            "most_statements": self.scene.most_statements,
        }


def table(results: Sequence[Result]) -> str:
    """Return the results as people read them."""
    lines = ["page                         req/s  p99 ms   floor   req/s  ratio  target  goal  SQL"]
    for result in results:
        told = result.as_json()
        lines.append(
            f"{told['page']:26} {told['requests_per_second']:7.0f} {told['p99_ms']:7.1f} {told['floor']:>7} "
            f"{told['floor_requests_per_second']:7.0f} {told['ratio']:6.2f} {_or_dash(told['target']):>7} "
            f"{_or_dash(told['goal']):>5} {told['statements']:4}"
        )
    return "\n".join(lines)


def save(
    path: pathlib.Path, results: Sequence[Result], checks: Sequence[Rate], memory: Mapping[str, float], cases: int
) -> None:
    """Write everything to ``path`` as JSON. ``memory`` is the peak of a worker process in MB, by server."""
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "machine": {"processors": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()},
        "load_average_at_end": os.getloadavg()[0],
        "cases": cases,
        "peak_memory_mb": {name: round(value, 1) for name, value in memory.items()},
        "pages": [result.as_json() for result in results],
        "in_process": [rate.as_json() for rate in checks],
    }
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def _or_dash(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
