"""The row of a message that is still to be sent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from datetime import datetime

_LEAST_SECONDS = 6.0
_RETRIES_SECONDS = 5.0
# Those of several relays, at most.
_CLOCKS_DIFFER_SECONDS = 60.0


def lease_seconds() -> float:
    """Return the length of a lease: longer than the longest call, retries included.

    After it any relay may claim the entry.
    """
    longest_ms = max(settings.DELIVERY_TIMEOUT_MS, settings.CALLBACK_TIMEOUT_MS)
    return max(_LEAST_SECONDS, _RETRIES_SECONDS + longest_ms / 1_000)


class Entry(models.Model):
    """Claimed by setting ``leased_until``, deleted once it was acknowledged."""

    traceparent = models.CharField(max_length=64, default="")
    request_id = models.CharField(max_length=128)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    def lease(self) -> None:
        """Lease it before it is saved: its creator makes the first attempt."""
        self.leased_until = lease_from(timezone.now())

    def waited_ms(self) -> int:
        """Milliseconds since its last attempt ended; for one read before it was claimed."""
        return max(0, round((timezone.now() - self.leased_until).total_seconds() * 1_000))


def free_at(now: datetime) -> models.Q:
    """Return the condition of entries that are due and leased by nobody.

    A time that nobody can have set, were the clock right, was set before the clock was put back.
    """
    never = now + timedelta(seconds=lease_seconds() + _CLOCKS_DIFFER_SECONDS)
    due = models.Q(due_at__lte=now) | models.Q(due_at__gt=never)
    return due & (models.Q(leased_until__lte=now) | models.Q(leased_until__gt=never))


def lease_from(now: datetime) -> datetime:
    """Return the end of a lease that begins now."""
    return now + timedelta(seconds=lease_seconds())
