"""The requests of a run, each with its evidence: diagnosis, waterfall, messages. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from experiments.report.markup import Html, el

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MOST_SPANS = 60
_MOST_MESSAGES = 60
_NANOS_PER_MS = 1e6
_MARKS = {"delivered": "✓", "lost": "✕", "unknown": "?", "late": "…", "refused": "⊘"}
_SERVICES = ("client", "api", "worker")


def requests(traces: Sequence[Mapping[str, Any]]) -> Html:
    """Tell each trace: ``{spans, evidence}`` as the lab's APIs gave them."""
    return el(
        "div",
        {"class": "requests"},
        *(_request(each, opened=place == 0) for place, each in enumerate(traces)),
    )


def _request(trace: Mapping[str, Any], *, opened: bool) -> Html:
    evidence = trace["evidence"]
    spans = [each for each in trace["spans"] if each.get("startTimeUnixNano")][:_MOST_SPANS]
    named = str(evidence.get("orderId") or evidence.get("requestId") or evidence["traceId"])
    summary = el(
        "summary",
        None,
        el("span", {"class": "headline"}, evidence["diagnosis"]["headline"]),
        el("code", None, named[:8]),
    )
    first = min((int(each["startTimeUnixNano"]) for each in spans), default=0)
    attributes = {"class": "request", "open": ""} if opened else {"class": "request"}
    return el(
        "details",
        attributes,
        summary,
        _sentences(evidence["diagnosis"]["sentences"]),
        el("h3", None, _("Spans")) if spans else Html(""),
        _waterfall(spans, first),
        el("h3", None, _("Messages")) if evidence["messages"] else Html(""),
        _messages(evidence["messages"][:_MOST_MESSAGES], first),
        el("p", {"class": "ids"}, f"traceId {evidence['traceId']}"),
    )


def _sentences(said: Sequence[Mapping[str, Any]]) -> Html:
    kinds = {
        "fact": _("What happened"),
        "certain": _("Certain"),
        "unknown": _("Cannot be known"),
        "settles": _("What would settle it"),
    }
    rows = [
        el(
            "div",
            {"class": f"sentence {each['kind']}"},
            el("dt", None, kinds.get(each["kind"], each["kind"])),
            el("dd", None, each["text"]),
        )
        for each in said
    ]
    return el("dl", {"class": "sentences"}, *rows)


def _waterfall(spans: Sequence[Mapping[str, Any]], first: int) -> Html:
    ends = [int(each.get("endTimeUnixNano") or each["startTimeUnixNano"]) for each in spans]
    whole = max(max(ends, default=0) - first, 1)
    ordered = sorted(spans, key=lambda each: int(each["startTimeUnixNano"]))
    return el("ol", {"class": "waterfall"}, *(_span(each, first, whole) for each in ordered))


def _span(span: Mapping[str, Any], first: int, whole: int) -> Html:
    start = int(span["startTimeUnixNano"])
    end = int(span.get("endTimeUnixNano") or start)
    left, width = (start - first) / whole, (end - start) / whole
    kind = span.get("errorKind")
    failed = bool(kind) or span.get("status", {}).get("code") == "ERROR"
    mark = f"✕ {kind or ''}".strip() if failed else ""
    service = str(span.get("service", ""))
    classes = service if service in _SERVICES else "other"
    return el(
        "li",
        {"class": f"{classes}{' failed' if failed else ''}"},
        el(
            "span",
            {"class": "name"},
            el("b", None, service),
            f" {span['name']}",
        ),
        el(
            "span",
            {"class": "track"},
            el("i", {"style": f"left:{left * 100:.2f}%;width:{width * 100:.2f}%"}),
        ),
        el("span", {"class": "took"}, f"{_ms((end - start) / _NANOS_PER_MS)} {mark}".strip()),
    )


def _messages(messages: Sequence[Mapping[str, Any]], first: int) -> Html:
    outcomes = {
        "delivered": _("delivered"),
        "lost": _("lost"),
        "unknown": _("unknown"),
        "late": _("late"),
        "refused": _("refused"),
    }
    rows = []
    for each in messages:
        outcome = each["outcome"]
        sent = _ms((int(each["sentUnixNano"]) - first) / _NANOS_PER_MS)
        told = outcomes.get(outcome, outcome)
        if each.get("errorKind") and outcome != "delivered":
            told = f"{told}, {each['errorKind']}"
        rows.append(
            el(
                "li",
                {"class": outcome},
                el("span", {"class": "at"}, sent),
                el("span", {"class": "way"}, f"{each['from']} → {each['to']}"),
                el("span", {"class": "label"}, each["label"]),
                el("span", {"class": "outcome"}, f"{_MARKS.get(outcome, '')} {told}"),
            )
        )
    return el("ol", {"class": "messages"}, *rows)


def _ms(value: float) -> str:
    if abs(value) >= 1_000:
        return f"{value / 1_000:.2f} s"
    return f"{value:.1f} ms" if abs(value) < 10 else f"{value:.0f} ms"
