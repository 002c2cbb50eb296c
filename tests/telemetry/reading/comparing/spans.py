"""Spans of a comparison of which a test names only what matters to it; times in milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telemetry.reading.comparing.tree import Timed

if TYPE_CHECKING:
    from random import Random

MS = 1_000_000
START = 1_700_000_000_000 * MS


def timed(
    span_id: str,
    parent_id: str,
    name: str,
    start: float,
    end: float | None,
    *,
    service: str = "shop",
    kind: str = "INTERNAL",
    error: str = "",
) -> Timed:
    ends = 0 if end is None else START + round(end * MS)
    status = "ERROR" if error else "UNSET"
    begins = START + round(start * MS)
    return Timed(span_id, parent_id, name, kind, service, begins, ends, status, error)


def anything(random: Random, count: int) -> list[Timed]:
    """Spans as senders that err report them: parents that miss, circles, ids that are shared."""
    return [
        timed(
            str(random.randrange(count)),
            random.choice(["", *map(str, range(count + 2))]),
            random.choice("abc"),
            start := random.uniform(0, 100),
            random.choice([None, start + random.uniform(-5, 100)]),
            service=random.choice(["shop", "bank"]),
            kind=random.choice(["CLIENT", "SERVER", "INTERNAL"]),
            error=random.choice(["", "", "reset"]),
        )
        for _ in range(count)
    ]
