"""The end of each fault at its time, tried until it holds."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from base.loops import Timer
from faults.errors import HolderError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faults.fault import Fault, Level
    from faults.holders.holder import Holder
    from faults.ledger.active import ActiveFaults

_POLL_SECONDS = 0.2
# Longer than a process may take to start again.
_LATE = timedelta(seconds=70)


class Ends:
    """Ends the faults of ``active`` by timers; ``lock`` is that of all changes, reentrant."""

    def __init__(
        self,
        holders: Mapping[Level, Holder],
        active: ActiveFaults,
        lock: AbstractContextManager[object],
    ) -> None:
        self._holders = holders
        self._active = active
        self._lock = lock
        self._timers: dict[str, Timer] = {}

    def schedule(self, fault: Fault) -> None:
        """End ``fault`` at its time; one without a time is left in force."""
        self.cancel(fault)
        remaining = fault.remaining_seconds(timezone.now())
        if remaining is None:
            return
        timer = Timer("end-of-fault", lambda: self._end(fault.id), delay=remaining)
        self._timers[fault.id] = timer
        timer.start()

    def cancel(self, fault: Fault) -> None:
        """Leave ``fault`` to whoever ends it otherwise."""
        timer = self._timers.pop(fault.id, None)
        if timer is not None:
            timer.cancel()

    def cancel_all(self) -> None:
        """Cancel all, without forgetting them: `schedule` replaces them."""
        for timer in list(self._timers.values()):
            timer.cancel()

    def try_again(self, fault: Fault, error: HolderError) -> None:
        """Heal ``fault`` soon, and again until it holds, since its heal failed with ``error``."""
        now = timezone.now()
        self._active.heal_errors[fault.id] = error
        # Its time is over: the next start of the observer goes on with healing it.
        if not fault.is_over(now):
            self._active.expire(fault, now)
        self.schedule(replace(fault, expires_at=now + timedelta(seconds=_POLL_SECONDS)))
        self._active.send_change()

    def _end(self, fault_id: str) -> float | None:
        """End a fault whose time is over; return when to look again while its holder keeps it.

        :raises HolderError: it could not be ended. The timer tries again.
        """
        fault = self._active.find(fault_id)
        if fault is None:
            return None
        # By their ids faults are ended beside everything else: a holder that is slow to answer
        # delays nobody. What would end a later one too has to take its turn.
        replaces = self._holders[fault.level].replaces(fault)
        with self._lock if replaces else nullcontext():
            if self._active.find(fault_id) is None:
                return None
            try:
                if not self._has_ended(fault):
                    return _POLL_SECONDS
            except HolderError as error:
                self._note(fault, error)
                raise
            with self._lock:
                self._active.remove(fault)
                self.cancel(fault)
                self._active.send_change()
        return None

    def _note(self, fault: Fault, error: HolderError) -> None:
        errors = self._active.heal_errors
        is_news = str(errors.get(fault.id)) != str(error)
        errors[fault.id] = error
        if is_news:
            self._active.send_change()

    def _has_ended(self, fault: Fault) -> bool:
        holder = self._holders[fault.level]
        is_late = fault.is_over(timezone.now() - _LATE)
        if holder.self_healing and not is_late and fault.id not in self._active.heal_errors:
            return not holder.holds(fault)
        holder.heal(fault)
        return True
