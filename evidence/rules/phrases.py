"""Sentences that several rules say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from evidence import words
from evidence.case import Sentence, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evidence.case import Case
    from evidence.crossings import Crossing


def service_name(service: str) -> str:
    """A service as a sentence names it."""
    names = {
        words.API: _("the API"),
        words.WORKER: _("the worker"),
        words.CLIENT: _("the client"),
    }
    return names.get(service, service)


def milliseconds(value: int | None) -> str:
    """A number of milliseconds with its thousands set apart; a question mark for none."""
    return "?" if value is None else f"{value:,}"


def with_status(case: Case, said: str) -> str:
    """A headline behind the order's status, where the API's status is seen."""
    if case.belief.value == "unknown":
        return said[:1].upper() + said[1:]
    return _("%(status)s: %(said)s") % {"status": case.belief.value, "said": said}


def failure(crossing: Crossing) -> Sentence:
    """Which boundary, which error, after how long, at which attempt."""
    kind = "held_back" if crossing.held_back else crossing.error_kind
    said = _failures().get(kind) or _("At %(boundary)s the call failed (%(kind)s).")
    said = said % {
        "boundary": crossing.boundary,
        "sender": service_name(crossing.sender),
        "elapsed": milliseconds(crossing.elapsed_ms),
        "timeout": milliseconds(crossing.timeout_ms),
        "status": crossing.http_status or "?",
        "kind": kind,
    }
    if (crossing.max_attempts or 1) > 1 and crossing.attempt is not None:
        said += " " + _("This was attempt %(attempt)s of %(most)s.") % {
            "attempt": crossing.attempt,
            "most": crossing.max_attempts,
        }
    return sentence("fact", said, *crossing.account)


def kinds(crossings: Iterable[Crossing]) -> str:
    """The ways in which calls failed, each once."""
    named = (each.error_kind or _("circuit breaker open") for each in crossings)
    return ", ".join(dict.fromkeys(named))


def _failures() -> dict[str, str]:
    return {
        "held_back": _(
            "At %(boundary)s nothing was sent: the circuit breaker of %(sender)s was open, since"
            " calls before this one had failed."
        ),
        "simulated_partition": _(
            "At %(boundary)s nothing was sent: a switch in the code of %(sender)s cut the call"
            " (simulated_partition)."
        ),
        "connect_refused": _(
            "At %(boundary)s the connection was refused after %(elapsed)s ms (connect_refused)."
        ),
        "connect_timeout": _(
            "At %(boundary)s no connection came about within %(timeout)s ms (connect_timeout)."
        ),
        "dns": _("At %(boundary)s the name of the other side could not be found (dns)."),
        "tls": _("At %(boundary)s no secure connection came about (tls)."),
        "read_timeout": _(
            "At %(boundary)s %(sender)s allowed %(timeout)s ms and gave up after %(elapsed)s ms"
            " without a whole answer (read_timeout)."
        ),
        "reset": _(
            "At %(boundary)s the connection broke after %(elapsed)s ms, before a whole answer"
            " came (reset)."
        ),
        "http_4xx": _(
            "At %(boundary)s the answer was HTTP %(status)s: the request was not accepted"
            " (http_4xx)."
        ),
        "http_5xx": _(
            "At %(boundary)s the answer was HTTP %(status)s: the other side failed (http_5xx)."
        ),
        "bad_response": _(
            "At %(boundary)s an answer came that is not what was agreed (bad_response)."
        ),
    }


def ask_worker(case: Case) -> Sentence:
    """What settles whether the worker did its part."""
    said = (
        _("GET /reservations/%(order)s on the worker would settle it.")
        if case.sees_worker
        else _("GET /reservations/%(order)s on the worker, or the worker's log, would settle it.")
    )
    return sentence("settles", said % {"order": order_of(case)})


def ask_api(case: Case) -> Sentence:
    """What settles what the API believes."""
    said = (
        _("GET /orders/%(order)s on the API would settle it.")
        if case.sees_api
        else _("GET /orders/%(order)s on the API, or the API's log, would settle it.")
    )
    return sentence("settles", said % {"order": order_of(case)})


def order_of(case: Case) -> str:
    """The order's id, or the place where it would stand."""
    return case.first_id("orderId", "order.id") or "{orderId}"
