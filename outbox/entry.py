"""The row of something that is still to be told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from datetime import datetime

LEASE_SECONDS = 6
"""How long whoever has taken an entry may take; then it is anybody's again."""


class Entry(models.Model):
    """Taken by setting ``leased_until``, deleted once it was heard."""

    traceparent = models.CharField(max_length=64, default="")
    request_id = models.CharField(max_length=128)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    def lease(self) -> None:
        """Take it, before it is saved: its maker is the first to try."""
        self.leased_until = lease_from(timezone.now())

    def waited_ms(self) -> int:
        """Milliseconds since its last attempt ended; for an entry as it was before it was taken."""
        return max(0, round((timezone.now() - self.leased_until).total_seconds() * 1_000))


def lease_from(now: datetime) -> datetime:
    """Return the end of a lease that begins now."""
    return now + timedelta(seconds=LEASE_SECONDS)
