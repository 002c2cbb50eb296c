"""The evidence as lines for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator

_NANOS_PER_MS = 1_000_000


def lines(found: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of an answer of ``/api/traces/{traceId}/evidence``."""
    yield found["diagnosis"]["headline"]
    yield ""
    for said in found["diagnosis"]["sentences"]:
        yield f"  {_mark(said['kind'])}: {said['text']}"
        shown = ", ".join(f"{one['service']} {one['type']} {one['id']}" for one in said["proofs"])
        if shown:
            yield f"      {_('proved by')} {shown}"
    yield ""
    yield from _truths(found["truths"]["moments"])
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
        "settles": _("What would settle it"),
    }.get(kind, kind)


def _truths(moments: list[dict[str, Any]]) -> Iterator[str]:
    if not moments:
        return
    yield _("What the API believes, and what the worker has done")
    start = int(moments[0]["timeUnixNano"])
    for one in moments:
        since = round((int(one["timeUnixNano"]) - start) / _NANOS_PER_MS)
        differ = "≠" if one["differ"] else " "
        yield f"  {since:>7,} ms  {one['api']['belief']:<9} {differ} {one['worker']['fact']}"
    yield ""


def _entry(entry: dict[str, Any]) -> str:
    values = list(dict.fromkeys(found["value"] for found in entry["found"]))
    if values:
        return ", ".join(values[:4])
    return "; ".join(missing["why"] for missing in entry["missing"]) or "-"
