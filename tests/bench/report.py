"""What the runs came to: a table for people, JSON for programs, and whether it is good enough."""

import dataclasses
import json
import os
import pathlib
import platform
from collections.abc import Sequence
from statistics import median
from typing import Any

from bench.load import Measured
from bench.scenes import Scene


@dataclasses.dataclass(frozen=True, kw_only=True)
class Figure:
    """Something that was measured in several rounds, of which the median counts, and how much of it is good enough."""

    name: str
    rounds: Sequence[float]
    wanted: float | None = None
    at_most: bool = False
    """Whether ``wanted`` is the most; else the least."""
    unit: str = ""

    @property
    def value(self) -> float:
        """The median of the rounds."""
        return median(self.rounds)

    @property
    def is_met(self) -> bool:
        """Whether it is good enough."""
        if self.wanted is None:
            return True
        return self.value <= self.wanted if self.at_most else self.value >= self.wanted

    @property
    def goal(self) -> str:
        """What is wanted, in words."""
        if self.wanted is None:
            return "-"
        return f"{'at most' if self.at_most else 'at least'} {_number(self.wanted)}{self.unit}"

    def as_json(self) -> dict[str, Any]:
        """Return it for programs."""
        return {
            "name": self.name,
            "value": round(self.value, 4),
            "rounds": [round(one, 4) for one in self.rounds],
            "unit": self.unit.strip(),
            "goal": self.goal,
            "met": self.is_met,
        }


@dataclasses.dataclass(frozen=True, kw_only=True)
class Part:
    """What one part of a run came to: its figures, and ``wrong``, what may not be so at all, in words."""

    name: str
    figures: Sequence[Figure]
    wrong: Sequence[str] = ()
    told: str = ""
    """What people read besides."""
    found: Any = None
    """What programs read besides."""

    @property
    def misses(self) -> list[str]:
        """What is not good enough, in words."""
        missed = [one for one in self.figures if not one.is_met]
        return [f"{one.name}: {_number(one.value)}{one.unit}; wanted: {one.goal}" for one in missed] + [*self.wrong]

    def __str__(self) -> str:
        """Return it as people read it: figure, goal and verdict of each."""
        width = max((len(one.name) for one in self.figures), default=0)
        lines = [
            f"{one.name:{width}}  {_number(one.value) + one.unit:>12}  {one.goal:16}  {_verdict(one)}"
            for one in self.figures
        ]
        return "\n".join([f"-- {self.name}", *([self.told] if self.told else []), *lines, *self.wrong])

    def as_json(self) -> dict[str, Any]:
        """Return it for programs."""
        return {"figures": [one.as_json() for one in self.figures], "misses": self.misses, "found": self.found}


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


def save(path: pathlib.Path, parts: Sequence[Part], size: dict[str, Any]) -> None:
    """Write everything to ``path`` as JSON; ``size`` says how large and long the run was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "machine": {"processors": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()},
        "load_average_at_end": os.getloadavg()[0],
        "size": size,
        "parts": {part.name: part.as_json() for part in parts},
    }
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def _verdict(figure: Figure) -> str:
    if figure.wanted is None:
        return ""
    return "met" if figure.is_met else "MISSED"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"


def _or_dash(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
