"""The faults in force, stored so that they survive a restart of the observer, and past ones."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, cast

from django.db import models

from faults.fault import Fault, Level

if TYPE_CHECKING:
    from typing import Self


class FaultRecord(models.Model):
    """A `Fault` in the ledger. Its row is deleted when the fault ends."""

    id = models.CharField(primary_key=True, max_length=100)
    target = models.CharField(max_length=100)
    kind = models.CharField(max_length=40)
    level = models.CharField(max_length=20)
    parameters = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    set_by = models.CharField(max_length=40)
    hidden = models.BooleanField(default=False)

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return f"{self.target} {self.kind} ({self.id})"

    @classmethod
    def of(cls, fault: Fault) -> Self:
        """Make the row of ``fault``, unsaved."""
        return cls(**asdict(fault))

    def as_fault(self) -> Fault:
        """Return the row as a `Fault`."""
        return Fault(
            id=self.id,
            target=self.target,
            kind=self.kind,
            level=cast("Level", self.level),
            created_at=self.created_at,
            parameters=self.parameters,
            expires_at=self.expires_at,
            set_by=self.set_by,
            hidden=self.hidden,
        )


class PastFault(models.Model):
    """When a fault was in force, to be shown beside a trace's messages.

    ``boundary`` has the ends of the link that it was on, which may be gone.
    ``ended_at`` is None while it is in force; a ``hidden`` one is listed only after its end. At
    most about `MOST` are stored.
    """

    MOST = 2_000

    id = models.CharField(primary_key=True, max_length=100)
    target = models.CharField(max_length=100)
    boundary = models.TextField(default="")
    kind = models.CharField(max_length=40)
    level = models.CharField(max_length=20)
    parameters = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    hidden = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["started_at"], name="past_faults_by_start")]

    def __str__(self) -> str:
        return f"{self.target} {self.kind} ({self.id})"


class LinkEnds(models.Model):
    """Between whom a link runs that was attached to the system; its proxy does not know."""

    name = models.CharField(primary_key=True, max_length=100)
    sender = models.CharField(max_length=100)
    receiver = models.CharField(max_length=100)
    protocol = models.CharField(max_length=4)

    def __str__(self) -> str:
        return f"{self.name}: {self.sender}->{self.receiver}"
