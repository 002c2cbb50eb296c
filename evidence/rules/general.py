"""Any application's trace: how long, where it failed, and what the failures leave open."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evidence import words
from evidence.case import Case, Finding, Sentence, sentence
from evidence.rules.phrases import milliseconds, service_name
from evidence.trace import Record, duration_ms, service

if TYPE_CHECKING:
    from telemetry.records import Span

_SEVERITY_ERROR = 17
_MOST_PROOFS = 5


def nothing(case: Case) -> Finding | None:
    """This perspective has no record at all."""
    if case.trace:
        return None
    if case.seen.everything:
        said = _("There is no record of this request.")
        return Finding(_("Nothing is on record"), (sentence("fact", said),))
    name = service_name(case.seen.perspective)
    return Finding(
        _("Nothing is on record on this side"),
        (
            sentence(
                "fact", _("Here %(service)s has no record of this request.") % {"service": name}
            ),
            sentence(
                "unknown",
                _(
                    "Whether it was lost on its way or never sent cannot be known from the side of"
                    " %(service)s alone."
                )
                % {"service": name},
            ),
            sentence("settles", _("The records of the other services would settle it.")),
        ),
    )


def general(case: Case) -> Finding:
    """What can be said of any trace; it always says something."""
    errors = _errors(case)
    sentences = [_extent(case)]
    if errors:
        sentences.append(_by_service(errors))
    sentences += _open_ends(case)
    headline = (
        ngettext("%(count)s error in this trace", "%(count)s errors in this trace", len(errors))
        % {"count": len(errors)}
        if errors
        else _("No error on record")
    )
    return Finding(headline, tuple(sentences))


def _extent(case: Case) -> Sentence:
    """How many services, and the longest span below the root."""
    services = {service(record) for record in case.trace.records}
    timed = [span for span in case.trace.spans if duration_ms(span) is not None]
    inner = [span for span in timed if case.trace.parent(span) is not None]
    if not timed:
        said = ngettext(
            "One service has records here.", "%(count)s services have records here.", len(services)
        )
        return sentence("fact", said % {"count": len(services)}, *case.trace.records[:_MOST_PROOFS])
    longest = max(inner or timed, key=lambda span: duration_ms(span) or 0)
    said = ngettext(
        "One service took part; the longest step was %(span)s of %(service)s with %(ms)s ms.",
        "%(count)s services took part; the longest step was %(span)s of %(service)s with %(ms)s"
        " ms.",
        len(services),
    ) % {
        "count": len(services),
        "span": longest.name,
        "service": service(longest),
        "ms": milliseconds(duration_ms(longest)),
    }
    return sentence("fact", said, longest)


def _errors(case: Case) -> list[Record]:
    """Spans that failed; where there is none, logs of errors."""
    spans: list[Record] = [span for span in case.trace.spans if span.status_code == "ERROR"]
    logs: list[Record] = [log for log in case.trace.logs if log.severity_number >= _SEVERITY_ERROR]
    return spans or logs


def _by_service(errors: list[Record]) -> Sentence:
    counted = Counter(service(record) for record in errors)
    listed = ", ".join(f"{name} {count}" for name, count in counted.most_common())
    said = _("Errors by service: %(listed)s.") % {"listed": listed}
    return sentence("fact", said, *errors[:_MOST_PROOFS])


def _open_ends(case: Case) -> list[Sentence]:
    """Calls that failed without a trace on the other side."""
    lost = [crossing for crossing in case.crossings if crossing.failed and not crossing.arrivals]
    if not lost:
        return []
    last = lost[-1]
    named = {"span": _named(last.client or last.send), "receiver": last.receiver}
    if last.error_kind in words.NEVER_SENT:
        said = _("The call %(span)s to %(receiver)s was never sent, so it did not arrive.")
        return [sentence("certain", said % named, *last.account)]
    said = _(
        "Whether the call %(span)s reached %(receiver)s cannot be known: the other side has no"
        " record of it here."
    )
    return [sentence("unknown", said % named, *last.account)]


def _named(span: Span | None) -> str:
    return span.name if span is not None else "?"
