"""All defences: the side of each, and a sentence on what it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from systems.current import SYSTEM
from systems.orders import runs

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True)
class Defence:
    """One defence of one side: of a service, or of the lab's own clients."""

    name: str
    side: str
    title: StrPromise
    text: StrPromise


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
            "The event for the API is committed together with the reservation, and sent until"
            " the API has answered."
        ),
    ),
    Defence(
        "circuit_breaker",
        "api",
        _("Circuit breaker"),
        _(
            "After five failures in a row no job is sent for two seconds, then one at a time as"
            " a probe: orders do not wait, and a failing worker is spared the load."
        ),
    ),
    Defence(
        "deadline",
        "worker",
        _("Deadline propagation"),
        _(
            "The API's call carries the time that it has left, and a job whose caller no longer"
            " waits is not started."
        ),
    ),
    Defence(
        "idempotency_key",
        "client",
        _("Idempotency-Key"),
        _(
            "The client sends a key with its order and retries with it when it gets no"
            " response: the order is placed once."
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
    """Map each service of the lab that runs to the names of its defences.

    The clients read theirs from the API.
    """
    running = [service for service in map(runs, SYSTEM.services) if service]
    return {side: [each.name for each in DEFENCES if each.side == side] for side in running}
