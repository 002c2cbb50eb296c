"""A trace by steps: the calls of one operation below the same ones are one step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from telemetry.conventions.errors import UNNAMED
from telemetry.reading.comparing.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telemetry.reading.comparing.tree import Timed

DEEPEST = 200
"""What lies below this level stands beside each other on one level."""
_MOST_KINDS = 5


@dataclass(slots=True)
class Step:
    """The spans of one service and name below the same ones; times in nanoseconds.

    ``total_ns`` adds up times that may overlap; ``slowest`` is the one that took longest; ``kinds``
    are those of its failures, empty for one without a name.
    """

    depth: int = 0
    count: int = 0
    failed: int = 0
    total_ns: int = 0
    self_ns: int = 0
    slowest: Timed | None = None
    slowest_ns: int = -1
    kinds: list[str] = field(default_factory=list)
    below: dict[tuple[str, str], Step] = field(default_factory=dict)
    parent: Step | None = None


def steps_of(spans: Sequence[Timed]) -> Step:
    """Sum a trace up, and return what its roots stand below: a step without spans."""
    top = Step()
    steps: dict[int, Step] = {-1: top}
    for place, parent, length_ns, self_ns in Tree(spans).visits():
        span = spans[place]
        within = steps[parent]
        if within.depth > DEEPEST:
            within = within.parent or top
        key = span.service, span.name
        step = within.below.get(key)
        if step is None:
            step = within.below[key] = Step(within.depth + 1, parent=within)
        steps[place] = step
        step.count += 1
        step.total_ns += length_ns
        step.self_ns += self_ns
        if length_ns > step.slowest_ns:
            step.slowest, step.slowest_ns = span, length_ns
        if span.error_kind or span.status == "ERROR":
            step.failed += 1
            kind = "" if span.error_kind == UNNAMED else span.error_kind
            if kind not in step.kinds and len(step.kinds) < _MOST_KINDS:
                step.kinds.append(kind)
    return top
