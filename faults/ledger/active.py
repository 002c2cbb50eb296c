"""What is recorded of the faults in force: their rows, their history, and why a heal has failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import router, transaction
from django.utils import timezone

from faults import history, serializers, signals
from faults.models import FaultRecord

if TYPE_CHECKING:
    from datetime import datetime

    from faults.errors import HolderError
    from faults.fault import Fault


class ActiveFaults:
    """The faults in force, in the observer's database; the errors of heals are this process's."""

    def __init__(self) -> None:
        self.heal_errors: dict[str, HolderError] = {}

    def listed(self, **fields: str) -> list[Fault]:
        """List the faults with these fields, oldest first."""
        return [record.as_fault() for record in FaultRecord.objects.filter(**fields)]

    def find(self, fault_id: str) -> Fault | None:
        """Return one fault, None when there is none of that id."""
        return next(iter(self.listed(id=fault_id)), None)

    def is_listed(self, fault: Fault) -> bool:
        """Whether ``fault`` is in force still."""
        return self.find(fault.id) is not None

    def record(self, fault: Fault) -> None:
        """Record that ``fault`` is in force."""
        with transaction.atomic(using=router.db_for_write(FaultRecord)):
            FaultRecord.of(fault).save(force_insert=True)
            history.record_start(fault)

    def expire(self, fault: Fault, at: datetime) -> None:
        """Record that the time of ``fault`` is over, though it is still in force."""
        FaultRecord.objects.filter(id=fault.id).update(expires_at=at)

    def remove(self, fault: Fault) -> None:
        """Record that ``fault`` has ended."""
        FaultRecord.objects.filter(id=fault.id).delete()
        history.record_end(fault.id)
        self.heal_errors.pop(fault.id, None)

    def as_json(self, *, hidden: bool = False) -> list[dict[str, Any]]:
        """Serialize the faults, the ``hidden`` ones only on request."""
        now = timezone.now()
        return [
            serializers.as_json(fault, now=now, heal_error=self.heal_errors.get(fault.id))
            for fault in self.listed()
            if hidden or not fault.hidden
        ]

    def send_change(self) -> None:
        """Send the faults to whoever follows them."""
        frame = {"type": "faults", "faults": self.as_json()}
        signals.faults_changed.send_robust(type(self), frame=frame)
