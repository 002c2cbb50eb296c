"""How long each client waited, over time, with the faults that were in force: SVG. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from experiments.report.markup import Html, el

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HEIGHT = 260
_TOP, _BOTTOM = 16, 28
_STEPS = 4
_ROUND = (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8)
_SHAPES = {
    "decided": "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0",
    "pending": "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
    "fail": "M-4 -4L4 4M4 -4L-4 4",
    "info": "M0 -6L6 0L0 6L-6 0Z",
}


def shape_of(operation: Mapping[str, Any], status: str) -> str:
    """Name the shape of an order: by what its client learned, and what the API holds in the end."""
    if operation["outcome"] != "ok":
        return str(operation["outcome"])
    return "pending" if status == "PENDING" else "decided"


def latency(
    operations: Sequence[Mapping[str, Any]],
    statuses: Mapping[str, str],
    windows: Sequence[Mapping[str, Any]],
) -> Html:
    """Draw the orders by the time of their placing and the time that their clients waited.

    ``statuses`` maps requestIds to what the API holds in the end.
    """
    waited = [each["ended_ms"] - each["started_ms"] for each in operations]
    ends = [each["ended_ms"] for each in operations]
    ends += [each["toMs"] for each in windows if each.get("toMs") is not None]
    across, up = _nice(max(ends, default=1)), _nice(max(waited, default=1))
    plot = HEIGHT - _TOP - _BOTTOM
    parts: list[str] = [_hatch()]
    parts += [_window(each, across, plot) for each in windows]
    for step in range(_STEPS + 1):
        y = _TOP + plot * (1 - step / _STEPS)
        parts.append(_ruled(y, _time(up * step / _STEPS)))
    parts += [_time_label(across, step) for step in range(_STEPS + 1)]
    parts += [
        _dot(each, shape_of(each, statuses.get(each["request_id"], "")), across, up, plot)
        for each in operations
    ]
    described = _("How long the clients of %(count)s orders waited, over time") % {
        "count": len(operations)
    }
    picture = el("svg", {"class": "chart", "role": "img", "aria-label": described}, *parts)
    return el("figure", None, picture, _legend(operations, statuses), _windows(windows))


def _hatch() -> Html:
    return el(
        "defs",
        None,
        el(
            "pattern",
            {"id": "hatch", "width": "7", "height": "7", "patternUnits": "userSpaceOnUse"}
            | {"patternTransform": "rotate(45)"},
            el("rect", {"width": "7", "height": "7", "class": "hatch-ground"}),
            el("line", {"x1": "0", "y1": "0", "x2": "0", "y2": "7", "class": "hatch-line"}),
        ),
    )


def _window(window: Mapping[str, Any], across: float, plot: float) -> Html:
    until = window.get("toMs")
    start, end = window["fromMs"], across if until is None else until
    return el(
        "rect",
        {
            "class": "window",
            "fill": "url(#hatch)",
            "x": _percent(start / across),
            "width": _percent(max(end - start, 0) / across),
            "y": f"{_TOP}",
            "height": f"{plot}",
        },
    )


def _ruled(y: float, text: str) -> Html:
    line = {"class": "rule", "x1": "0", "x2": "100%", "y1": f"{y:.1f}", "y2": f"{y:.1f}"}
    label = {"x": "-8", "y": f"{y + 4:.1f}", "text-anchor": "end"}
    return el("g", None, el("line", line), el("text", label, text))


def _time_label(across: float, step: int) -> Html:
    anchor = {0: "start", _STEPS: "end"}.get(step, "middle")
    where = {"x": _percent(step / _STEPS), "y": f"{HEIGHT - 8}", "text-anchor": anchor}
    return el("text", where, _time(across * step / _STEPS))


def _dot(operation: Mapping[str, Any], shape: str, across: float, up: float, plot: float) -> Html:
    waited = operation["ended_ms"] - operation["started_ms"]
    y = _TOP + plot * (1 - waited / up)
    said = f"{operation.get('order_id') or operation['request_id']}: {_time(waited)}"
    return el(
        "svg",
        {
            "x": _percent(operation["started_ms"] / across),
            "y": f"{y:.1f}",
            "overflow": "visible",
            "class": f"dot {shape}",
        },
        el("path", {"d": _SHAPES[shape]}, el("title", None, said)),
    )


def _legend(operations: Sequence[Mapping[str, Any]], statuses: Mapping[str, str]) -> Html:
    shapes = [shape_of(each, statuses.get(each["request_id"], "")) for each in operations]
    words = {
        "decided": _("acknowledged and decided") if statuses else _("acknowledged"),
        "pending": _("acknowledged, PENDING in the end"),
        "fail": _("not taken"),
        "info": _("unknown to its client"),
    }
    items = [
        el(
            "li",
            None,
            el(
                "svg",
                {"class": f"dot {shape}", "viewBox": "-8 -8 16 16", "aria-hidden": "true"},
                el("path", {"d": _SHAPES[shape]}),
            ),
            f"{shapes.count(shape)} {text}",
        )
        for shape, text in words.items()
        if shape in shapes
    ]
    return el("ul", {"class": "legend"}, *items)


def _windows(windows: Sequence[Mapping[str, Any]]) -> Html:
    items = []
    for each in windows:
        until = each.get("toMs")
        ended = _time(until) if until is not None else _("the end")
        items.append(
            el(
                "li",
                None,
                el("span", {"class": "swatch", "aria-hidden": "true"}),
                el("span", None, f"{_time(each['fromMs'])} – {ended}: ", str(each["words"])),
            )
        )
    return el("ul", {"class": "legend faults"}, *items) if items else Html("")


def _percent(share: float) -> str:
    return f"{min(max(share, 0), 1) * 100:.2f}%"


def _nice(most: float) -> float:
    """Round up to a number that four steps divide well."""
    if most <= 0:
        return 1.0
    unit = float(10 ** math.floor(math.log10(most)))
    return next(
        (unit * each for each in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8) if unit * each >= most),
        unit * 10,
    )


def _time(ms: float) -> str:
    seconds = ms / 1_000
    return f"{seconds:.3g} s" if ms >= 1_000 else f"{ms:.3g} ms"
