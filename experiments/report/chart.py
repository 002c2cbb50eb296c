"""How long each client waited, over time, with the faults that were in force: geometry. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from experiments.report.orders import shape_of
from experiments.wording import fault_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_HEIGHT, _TOP, _BOTTOM = 260, 16, 28
_PLOT = _HEIGHT - _TOP - _BOTTOM
_STEPS = 4
_ROUND = (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8)
_PATHS = {
    "decided": "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0",
    "pending": "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
    "fail": "M-4 -4L4 4M4 -4L-4 4",
    "info": "M0 -6L6 0L0 6L-6 0Z",
}
_LEGEND = {
    "decided": _("acknowledged and decided"),
    "pending": _("acknowledged, PENDING in the end"),
    "fail": _("not taken"),
    "info": _("unknown to its client"),
}


@dataclass(frozen=True, slots=True)
class Window:
    """A fault in force: where it lies over the chart, and its legend; no ``end`` while it is."""

    x: str
    width: str
    start: str
    end: str
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line at a waiting time."""

    y: str
    text: str


@dataclass(frozen=True, slots=True)
class TimeLabel:
    """A label on the axis of time."""

    x: str
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Dot:
    """An order."""

    x: str
    y: str
    shape: str
    path: str
    title: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What a shape means, and how many orders have it."""

    shape: str
    path: str
    count: int
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """All that the template draws; lengths across are shares of the width, lengths down pixels."""

    windows: list[Window]
    rules: list[Rule]
    times: list[TimeLabel]
    dots: list[Dot]
    legend: list[Entry]
    top: int = _TOP
    plot: int = _PLOT
    labels: int = _HEIGHT - 8


def chart(
    operations: Sequence[Mapping[str, Any]],
    statuses: Mapping[str, str],
    windows: Sequence[Mapping[str, Any]],
) -> Chart | None:
    """Lay out the orders by when they were placed and how long their clients waited.

    ``statuses`` maps requestIds to what the API holds in the end; ``windows`` are the faults, with
    ``fromMs`` and ``toMs`` of the history. None when there is no order.
    """
    if not operations:
        return None
    ends = [each["ended_ms"] for each in operations]
    ends += [each["toMs"] for each in windows if each.get("toMs") is not None]
    across = _round_up(max(ends))
    up = _round_up(max(_waited(each) for each in operations))
    shapes = [shape_of(each, statuses.get(each["request_id"], "")) for each in operations]
    return Chart(
        windows=[_window(each, across) for each in windows],
        rules=[
            Rule(f"{_TOP + _PLOT * (1 - step / _STEPS):.1f}", _time(up * step / _STEPS))
            for step in range(_STEPS + 1)
        ],
        times=[_time_label(across, step) for step in range(_STEPS + 1)],
        dots=[
            _dot(each, shape, across, up) for each, shape in zip(operations, shapes, strict=True)
        ],
        legend=_legend(
            shapes,
            gathered=bool(statuses),
            of_actions=all(each.get("trace_id") for each in operations),
        ),
    )


def _window(window: Mapping[str, Any], across: float) -> Window:
    start, end = window["fromMs"], window.get("toMs")
    until = across if end is None else end
    return Window(
        x=_percent(start / across),
        width=_percent(max(until - start, 0) / across),
        start=_time(start),
        end="" if end is None else _time(end),
        text=fault_text(window),
    )


def _time_label(across: float, step: int) -> TimeLabel:
    anchor = {0: "start", _STEPS: "end"}.get(step, "middle")
    return TimeLabel(_percent(step / _STEPS), anchor, _time(across * step / _STEPS))


def _dot(operation: Mapping[str, Any], shape: str, across: float, up: float) -> Dot:
    waited = _waited(operation)
    name = operation.get("order_id") or operation.get("trace_id") or operation["request_id"]
    return Dot(
        x=_percent(operation["started_ms"] / across),
        y=f"{_TOP + _PLOT * (1 - waited / up):.1f}",
        shape=shape,
        path=_PATHS[shape],
        title=f"{name}: {_time(waited)}",
    )


def _legend(shapes: Sequence[str], *, gathered: bool, of_actions: bool) -> list[Entry]:
    # Without what the API holds in the end nobody knows whether an order was decided.
    texts = _LEGEND if gathered else {**_LEGEND, "decided": _("acknowledged")}
    if of_actions:
        texts = {**_LEGEND, "decided": _("answered"), "fail": _("not done")}
    return [
        Entry(shape, _PATHS[shape], shapes.count(shape), str(text))
        for shape, text in texts.items()
        if shape in shapes
    ]


def _waited(operation: Mapping[str, Any]) -> float:
    waited: float = operation["ended_ms"] - operation["started_ms"]
    return waited


def _percent(share: float) -> str:
    return f"{min(max(share, 0), 1) * 100:.2f}%"


def _round_up(most: float) -> float:
    """Round up to a number that four steps divide well."""
    if most <= 0:
        return 1.0
    unit = float(10 ** math.floor(math.log10(most)))
    return next((unit * each for each in _ROUND if unit * each >= most), unit * 10)


def _time(ms: float) -> str:
    return f"{ms / 1_000:.3g} s" if ms >= 1_000 else f"{ms:.3g} ms"
