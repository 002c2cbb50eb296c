"""The checker's verdict as a report shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.texts import TEXTS
from experiments.wording import text

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_OFFENDERS = 5


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Orders of one anomaly: the first of them by name, and how many more there are."""

    kind: str
    text: str
    count: int
    first: list[str]
    more: int


def verdict(kept: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Turn a verdict of ``gathered.json`` into a template's context; None when there is none."""
    if not kept:
        return None
    found = {kind: each for kind, each in kept["anomalies"].items() if each["count"]}
    return {
        **kept,
        "count": sum(each["count"] for each in found.values()),
        "anomalies": [_anomaly(kind, each) for kind, each in found.items()],
        "stock": kept["stockNotConserved"],
    }


def _anomaly(kind: str, found: Mapping[str, Any]) -> Anomaly:
    code = f"anomaly.{kind}"
    names = [each["orderId"] or each["requestId"] for each in found["first"]]
    return Anomaly(
        kind=kind,
        text=text(code) if code in TEXTS else found["means"],
        count=found["count"],
        first=[name[:8] for name in names[:_MOST_OFFENDERS]],
        more=found["count"] - _MOST_OFFENDERS,
    )
