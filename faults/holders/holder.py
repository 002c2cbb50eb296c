"""The interface of what applies faults."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import contextmanager
from typing import TYPE_CHECKING

from base.errors import LabError, LabFailure
from faults.errors import HolderError
from service import lab_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faults.fault import Fault

TIMEOUT_SECONDS = 5.0


class Holder(ABC):
    """Applies faults of one level, and heals them.

    Every method may raise `HolderError`.
    """

    @property
    def self_healing(self) -> bool:
        """Whether it ends a fault at its time by itself, without the observer, until that holds."""
        return True

    @abstractmethod
    def apply(self, fault: Fault) -> None:
        """Put ``fault`` in force.

        :raises FaultError: this holder can't apply that fault here; nothing has changed.
        """

    @abstractmethod
    def heal(self, fault: Fault) -> None:
        """End ``fault``; one that has ended already is no error."""

    def replaces(self, fault: Fault) -> bool:  # noqa: ARG002 (for those that override it)
        """Whether applying ``fault`` ends an earlier one of its target and kind."""
        return False

    @abstractmethod
    def heal_all(self) -> None:
        """End every fault of the lab that it holds, also those that the ledger lacks."""

    def outlives_heal_all(self, fault: Fault) -> bool:  # noqa: ARG002 (for those that override it)
        """Whether `heal_all` leaves ``fault`` in force."""
        return False

    @abstractmethod
    def held(self) -> set[str]:
        """Return the ids of the faults that it holds."""

    def holds(self, fault: Fault) -> bool:
        """Whether it holds ``fault``."""
        return fault.id in self.held()

    def run(self) -> str:
        """Return what tells one run of what holds the faults from the next, where anything does."""
        return ""

    def set_by_environment(self, ids: set[str]) -> list[Fault]:  # noqa: ARG002 (for those that override it)
        """Return those of ``ids`` that a service's environment variables set at its start."""
        return []


@contextmanager
def holder_errors() -> Iterator[None]:
    """Convert a `LabError` in the block to a `HolderError`, in the reader's language."""
    try:
        yield
    except LabError as error:
        may_hold = error.sent and error.failure is not LabFailure.REFUSED
        raise HolderError(lab_errors.sentence(error), may_hold=may_hold, cause=error) from error
