"""What the network itself has on record: the journals of the links that a request crossed.

No side can know it: it stands in no side's records, and is told to whoever sees all of them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from base.message import Message
from evidence.model.finding import sentence
from evidence.model.trace import moment, number, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from base.message import Parameter, Text
    from evidence.model.finding import Sentence
    from evidence.model.trace import Trace
    from telemetry.records import LogRecord

TEXTS: dict[str, Text] = {
    "journal.reached": _(
        "The journal of the link %(link)s: the request reached the side of %(receiver)s at"
        " %(time)s."
    ),
    "journal.request_dropped": _(
        "The journal of the link %(link)s: it dropped bytes of the request at %(time)s."
    ),
    "journal.answer_dropped": _(
        "The journal of the link %(link)s: an answer came from %(receiver)s at %(time)s, and the"
        " link dropped it, or a part of it."
    ),
    "journal.answered": _(
        "The journal of the link %(link)s: the link itself answered at %(time)s, in the place of"
        " %(receiver)s."
    ),
    "journal.request_late": _(
        "The journal of the link %(link)s: it held the request back, for %(ms)s ms at most at a"
        " time."
    ),
    "journal.answer_late": _(
        "The journal of the link %(link)s: it held the answer back, for %(ms)s ms at most at a"
        " time."
    ),
    "journal.reset": _("The journal of the link %(link)s: it reset the connection at %(time)s."),
    "journal.closed": _("The journal of the link %(link)s: it closed the connection at %(time)s."),
    "journal.duplicated": _(
        "The journal of the link %(link)s: it delivered the request once more at %(time)s."
    ),
}
"""English texts by code."""

_BY_ACTION = {
    ("reached", "upstream"): "journal.reached",
    ("dropped", "upstream"): "journal.request_dropped",
    ("dropped", "downstream"): "journal.answer_dropped",
    ("answered", "upstream"): "journal.answered",
    ("delayed", "upstream"): "journal.request_late",
    ("delayed", "downstream"): "journal.answer_late",
    ("duplicated", "upstream"): "journal.duplicated",
}
_BY_EITHER_WAY = {"reset": "journal.reset", "closed": "journal.closed"}
_MOST = 6


def testimony(trace: Trace, span_id: str, *, receiver: Parameter) -> Iterator[Sentence]:
    """What the links' journals say of the call that was sent within the span ``span_id``."""
    said = [log for log in trace.journal if span_id and log.span_id == span_id]
    found = {code: log for log in reversed(said) if (code := _code(log))}
    for code, log in sorted(found.items(), key=lambda each: moment(each[1]))[:_MOST]:
        params: dict[str, Parameter] = {"link": text(log, "lab.link"), "receiver": receiver}
        params["time"] = _time_of(log)
        params["ms"] = number(log, "lab.toxic.delay_ms") or 0
        yield sentence("settles", Message(code, params), log)


def _code(log: LogRecord) -> str:
    action, stream = text(log, "lab.toxic.action"), text(log, "lab.link.stream")
    return _BY_ACTION.get((action, stream)) or _BY_EITHER_WAY.get(action, "")


def _time_of(log: LogRecord) -> str:
    seconds, nanos = divmod(moment(log), 1_000_000_000)
    try:
        clock = datetime.fromtimestamp(seconds, tz=UTC)
    except (ValueError, OverflowError, OSError):
        return "?"
    return f"{clock:%H:%M:%S}.{nanos // 1_000_000:03} UTC"
