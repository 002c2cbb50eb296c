"""The suspects of a mystery: faults that the lab can hide, and how each looks to the API. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from django.utils.translation import gettext_lazy as _

from systems.orders import API_TO_WORKER, WORKER, WORKER_TO_API

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrPromise

Event = Literal["none", "not_yet", "before", "after"]

SLOW_MS = 3_000
"""How slow what is slow is; the page says so, so that waiting longer is evidence."""


@dataclass(frozen=True, slots=True)
class Look:
    """How one order looks to the API: how its delivery went, and when the worker's event came.

    ``event`` stands beside the end of the delivery: a failed one may have had its event before.
    Of a delivered job it says only whether the event came, by ``after``. What has not come is
    ``not_yet`` until nothing that is merely slow could still be on its way, then ``none``.
    """

    delivery: str
    event: Event


@dataclass(frozen=True, slots=True)
class Suspect:
    """What may be broken. ``fault`` is what is asked of ``/api/faults``; None for nothing."""

    name: str
    title: StrPromise
    elsewhere: StrPromise
    looks: frozenset[Look]
    fault: Mapping[str, Any] | None = field(default=None)


def _looks(*pairs: tuple[str, Event]) -> frozenset[Look]:
    final = [Look(delivery, event) for delivery, event in pairs]
    awaited = [Look(each.delivery, "not_yet") for each in final if each.event != "before"]
    return frozenset([*final, *awaited])


_REFUSED = _looks(("connect_refused", "none"))
_SILENT = _looks(("read_timeout", "none"))
_TORN = _looks(("reset", "none"))
_LATE = _looks(("read_timeout", "after"))
_ERROR = _looks(("http_5xx", "none"))

SUSPECTS: tuple[Suspect, ...] = (
    Suspect(
        "well",
        _("Nothing is broken"),
        _("Both sides' records agree, order by order."),
        _looks(("delivered", "after")),
    ),
    Suspect(
        "job_cut",
        _("The link from the API to the worker is cut"),
        _(
            "At its own address, past the link, the worker answers GET /healthz, and it has no"
            " record of these orders."
        ),
        _REFUSED,
        {"target": API_TO_WORKER, "kind": "cut"},
    ),
    Suspect(
        "worker_crash",
        _("The worker has crashed"),
        _("At its own address, past the link, the worker refuses GET /healthz as well."),
        _REFUSED | _TORN,
        {"target": WORKER, "kind": "crash"},
    ),
    Suspect(
        "link_reset",
        _("The link from the API to the worker tears its connections"),
        _(
            "At its own address, past the link, the worker answers GET /healthz, and it has no"
            " record of these orders."
        ),
        _TORN,
        {"target": API_TO_WORKER, "kind": "reset"},
    ),
    Suspect(
        "job_lost",
        _("Requests to the worker are lost on their way"),
        _("The worker runs, answers at its own address, and has no record of these jobs."),
        _SILENT,
        {"target": API_TO_WORKER, "kind": "request_lost"},
    ),
    Suspect(
        "worker_pause",
        _("The worker is paused"),
        _("The worker answers nobody, at its own address neither, and did the jobs afterwards."),
        _SILENT,
        {"target": WORKER, "kind": "pause"},
    ),
    Suspect(
        "answer_lost",
        _("The worker's answers are lost on their way back"),
        _(
            "The worker's records show the job done within milliseconds. The API's own log tells"
            " it too: the event came before the API had given up on the answer."
        ),
        _looks(("read_timeout", "before")),
        {"target": API_TO_WORKER, "kind": "response_lost"},
    ),
    Suspect(
        "worker_slow",
        _("The worker is slow, by three seconds"),
        _("By the worker's records the job arrived at once and was done seconds later."),
        _LATE,
        {"target": WORKER, "kind": "slow", "ms": SLOW_MS},
    ),
    Suspect(
        "link_slow",
        _("The link from the API to the worker is slow, by three seconds"),
        _("By the worker's records the job arrived seconds late and was done at once."),
        _LATE,
        {"target": API_TO_WORKER, "kind": "slow", "ms": SLOW_MS, "stream": "request"},
    ),
    Suspect(
        "callback_cut",
        _("The link from the worker to the API is cut"),
        _("The worker's log says that its callback failed: connect_refused."),
        _looks(("delivered", "none")),
        {"target": WORKER_TO_API, "kind": "cut"},
    ),
    Suspect(
        "event_lost",
        _("Callbacks of the worker are lost on their way"),
        _(
            "The worker's records show the stock reserved at once, and a callback that got no"
            " answer: read_timeout. It answers the job only after that, too late for the API."
        ),
        _SILENT,
        {"target": WORKER_TO_API, "kind": "request_lost"},
    ),
    Suspect(
        "worker_error",
        _("The worker answers every job with an error"),
        _("The worker has a span of each call, with status 503."),
        _ERROR,
        {"target": WORKER, "kind": "http_5xx"},
    ),
    Suspect(
        "network_error",
        _("Something in the network answers in the worker's place"),
        _("The worker has no record of these jobs: whoever answered 503, it was not the worker."),
        _ERROR,
        {"target": API_TO_WORKER, "kind": "http_status"},
    ),
)

NAMES = tuple(suspect.name for suspect in SUSPECTS)


def named(name: str) -> Suspect:
    """Return the suspect called ``name``, one of `NAMES`."""
    return next(suspect for suspect in SUSPECTS if suspect.name == name)
