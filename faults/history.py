"""Which faults were in force when: recorded as they start and end, queried by time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from faults.models import PastFault
from systems.running import RUNNING

if TYPE_CHECKING:
    from faults.fault import Fault


def record_start(fault: Fault) -> None:
    """Record that ``fault`` is in force; the oldest beyond `PastFault.MOST` are deleted."""
    PastFault.objects.update_or_create(
        id=fault.id,
        defaults={
            "target": fault.target,
            "boundary": _boundary(fault.target),
            "kind": fault.kind,
            "level": fault.level,
            "parameters": fault.parameters,
            "started_at": fault.created_at,
            "ended_at": None,
            "hidden": fault.hidden,
        },
    )
    beyond = PastFault.objects.order_by("-started_at")[PastFault.MOST : PastFault.MOST + 1]
    for oldest in beyond:
        PastFault.objects.filter(started_at__lte=oldest.started_at, ended_at__isnull=False).delete()


def record_end(fault_id: str) -> None:
    """Record that a fault is over."""
    PastFault.objects.filter(id=fault_id, ended_at__isnull=True).update(ended_at=timezone.now())


def forget() -> None:
    """Forget all that are over."""
    PastFault.objects.filter(ended_at__isnull=False).delete()


def within(first_unix_nano: int, last_unix_nano: int) -> list[PastFault]:
    """List what was in force at any moment from the first to the last, oldest first.

    What is hidden and still in force is left out.
    """
    first, last = _moment(first_unix_nano), _moment(last_unix_nano)
    still = Q(ended_at__isnull=True) | Q(ended_at__gte=first)
    past = PastFault.objects.filter(still, started_at__lte=last).order_by("started_at")
    return list(past.exclude(hidden=True, ended_at__isnull=True))


def _boundary(target: str) -> str:
    system = RUNNING.system
    return system.link(target).boundary if target in system.link_names else ""


def _moment(unix_nano: int) -> datetime:
    return datetime.fromtimestamp(unix_nano / 1e9, UTC)
