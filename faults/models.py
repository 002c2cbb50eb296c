"""The faults in force, kept so that an observer that was restarted still knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.db import models

from faults.fault import Fault, Level

if TYPE_CHECKING:
    from typing import Self


class FaultRecord(models.Model):
    """A `Fault` in the ledger. Its row goes when the fault ends."""

    id = models.CharField(primary_key=True, max_length=100)
    target = models.CharField(max_length=40)
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
        """Make the row of ``fault``; nothing is saved."""
        return cls(
            id=fault.id,
            target=fault.target,
            kind=fault.kind,
            level=fault.level,
            parameters=dict(fault.parameters),
            created_at=fault.created_at,
            expires_at=fault.expires_at,
            set_by=fault.set_by,
            hidden=fault.hidden,
        )

    def as_fault(self) -> Fault:
        """Return what the row stands for."""
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
    """When a fault was in force: what a trace's messages are shown against. ``ended_at`` is None
    while it is. A ``hidden`` one is told of once it is over. The oldest go when there are more
    than `MOST`.
    """

    MOST = 2_000

    id = models.CharField(primary_key=True, max_length=100)
    target = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    level = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    hidden = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["started_at"], name="past_faults_by_start")]

    def __str__(self) -> str:
        """Name it."""
        return f"{self.target} {self.kind} ({self.id})"
