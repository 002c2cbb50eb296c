"""The evidence as lines for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from evidence.model.moment import in_a_line

if TYPE_CHECKING:
    from collections.abc import Iterator

_NANOS_PER_MS = 1_000_000
_MOST_VALUES = 4
_MARKS = {"found": "✓", "partly": "◐", "missing": "✕", "not_needed": "–"}


def lines(found: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of an answer of ``/api/traces/{traceId}/evidence``."""
    yield found["diagnosis"]["headline"]
    yield ""
    for sentence in found["diagnosis"]["sentences"]:
        yield f"  {_mark(sentence['kind'])}: {sentence['text']}"
        proofs = [f"{one['service']} {one['type']} {one['id']}" for one in sentence["proofs"]]
        if proofs:
            yield f"      {_('proved by')} {', '.join(proofs)}"
    yield ""
    yield from _truths(found)
    yield _("Checklist")
    for entry in found["checklist"]:
        yield f"  {entry['field']:<10} {_entry(entry)}"
    yield ""
    for label in ("orderId", "requestId", "traceId", "perspective"):
        yield f"{label:<12} {found[label] or '-'}"
    hidden = found["hidden"]["spans"] + found["hidden"]["logs"]
    if hidden:
        yield _("%(count)s records are hidden from this side.") % {"count": hidden}


def _mark(kind: str) -> str:
    return {
        "fact": _("What happened"),
        "certain": _("Certain"),
        "unknown": _("Cannot be known"),
        "settles": _("What settles it"),
    }.get(kind, kind)


def _truths(found: dict[str, Any]) -> Iterator[str]:
    moments = found["truths"]["moments"]
    if not moments:
        return
    if found["of"] == "order":
        yield _("What the API believes, and what the worker has done")
    else:
        caller, callee = (name or "?" for name in found["truths"]["of"])
        yield _("%(caller)s, and beside it %(callee)s") % {"caller": caller, "callee": callee}
    start = int(moments[0]["timeUnixNano"])
    for one in moments:
        since = round((int(one["timeUnixNano"]) - start) / _NANOS_PER_MS)
        yield f"  {since:>7,} ms  {in_a_line(one)}"
    yield ""


def _entry(entry: dict[str, Any]) -> str:
    """The values, each service's own where they differ, and what a service lacks."""
    values: dict[str, dict[str, None]] = {}
    for found in entry["found"]:
        values.setdefault(found["service"], {})[found["value"]] = None
    each = {name: ", ".join([*own][:_MOST_VALUES]) for name, own in values.items()}
    differ = len(set(each.values())) > 1
    found = [f"{name} {text}" for name, text in each.items()] if differ else [*each.values()][:1]
    missing = [f"{one['service']}: {one['why']}" for one in entry["missing"]]
    shown = missing if entry["state"] in ("partly", "missing") or not found else []
    return f"{_MARKS[entry['state']]} {'; '.join((*found, *shown))}"
