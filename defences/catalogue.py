"""The defences that there are: where each sits, and what it does, in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Defence:
    """One defence of one side: of a service, or of the lab's own clients."""

    name: str
    side: str
    title: _StrPromise
    text: _StrPromise


CONSISTENCY = "consistency"
"""The defence that is a mode: on is consistency, off is availability."""

MODES = {"availability": False, "consistency": True}

DEFENCES = (
    Defence(
        "retry",
        "api",
        _("Retry"),
        _(
            "A job that could not be delivered is sent again, after a random and growing wait and"
            " within a budget. What had arrived then arrives twice."
        ),
    ),
    Defence(
        "outbox",
        "api",
        _("Outbox"),
        _(
            "The job is committed together with the order, and delivered until the worker has"
            " answered: a cut, a crash or a slow worker only delays it."
        ),
    ),
    Defence(
        "reconciliation",
        "api",
        _("Reconciliation"),
        _("Orders that stay PENDING are compared with what the worker did, which decides them."),
    ),
    Defence(
        "idempotent_jobs",
        "worker",
        _("Idempotent jobs"),
        _("The same job again reserves nothing again, however often it is delivered."),
    ),
    Defence(
        "callback_outbox",
        "worker",
        _("Callback outbox"),
        _(
            "What the API is to hear is committed together with the reservation, and told until the"
            " API has answered."
        ),
    ),
    Defence(
        "circuit_breaker",
        "api",
        _("Circuit breaker"),
        _(
            "After five failures in a row no job is sent for two seconds, then one at a time to"
            " probe: orders wait for nobody, and a worker in trouble is left alone."
        ),
    ),
    Defence(
        "deadline",
        "worker",
        _("Deadline passed on"),
        _(
            "The API's call says how long it may still take, and a job that nobody awaits any more"
            " is not begun."
        ),
    ),
    Defence(
        "idempotency_key",
        "client",
        _("Idempotency-Key"),
        _(
            "The client sends a key with its order and asks again with it when it gets no answer:"
            " the order is placed once."
        ),
    ),
    Defence(
        CONSISTENCY,
        "api",
        _("Consistency before availability"),
        _(
            "An order that the worker does not confirm within the deadline is cancelled and"
            " answered with 503, instead of being accepted as PENDING."
        ),
    ),
)


def sides() -> dict[str, list[str]]:
    """Map each service to the names of its defences; the clients look for theirs themselves."""
    return {
        side: [each.name for each in DEFENCES if each.side == side] for side in ("api", "worker")
    }
