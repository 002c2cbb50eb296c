"""The faults in force: set, listed, healed, and ended when their time is over.

Setting a kind on a target where it is already in force replaces it: there is one of each. Changes
are serialized by one lock. A fault is listed until its holder has ended it: a heal that fails is
tried again until it holds.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from faults import request
from faults.errors import FaultError, FaultNotFoundError, HolderError
from faults.holders.lab import lab_holders
from faults.ledger.active import ActiveFaults
from faults.ledger.ends import Ends
from systems.running import RUNNING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from faults.fault import Fault, Level
    from faults.holders.holder import Holder


class Ledger:
    """The faults in force, stored in the observer's database; ``holders`` apply them, by level."""

    def __init__(self, holders: Mapping[Level, Holder]) -> None:
        self._holders = holders
        self._lock = threading.RLock()
        self._active = ActiveFaults()
        self._ends = Ends(holders, self._active, self._lock)
        self._links_run = ""
        """That the faults of links were set in."""

    @property
    def levels(self) -> list[Level]:
        """The levels at which faults can be set."""
        return list(self._holders)

    def set(self, body: object) -> Fault:
        """Apply the fault that ``body`` describes and record it.

        :raises FaultError: it is not a fault that can be set; nothing has changed.
        :raises HolderError: its holder failed, or that of the fault that it replaces: that one is
            still in force, and the new one is not, or is listed until it has been healed.
        """
        with self._lock:
            fault = request.read(body, now=timezone.now())
            earlier = self._active.listed(target=fault.target, kind=fault.kind)
            self._apply(fault)
            replaced = [each for each in earlier if self._replaces(fault, each)]
            healed: list[Fault] = []
            try:
                for each in earlier:
                    if each not in replaced:
                        self._holders[each.level].heal(each)
                        healed.append(each)
                self._record(fault)
            except Exception:
                self._undo(fault, replaced=replaced, healed=healed)
                raise
            for each in earlier:
                self._remove(each)
            self._active.send_change()
        # Others were set in that run or an earlier one, and may have to be set again.
        if fault.level == "socket" and len(self._active.listed(level="socket")) == 1:
            self._note_run()
        return fault

    def active(self) -> list[Fault]:
        """List the faults in force, oldest first, with those that could not be ended yet."""
        return self._active.listed()

    def is_active(self, *, target: str, kind: str) -> bool:
        """Whether a fault of ``kind`` on ``target`` is in force."""
        return bool(self._active.listed(target=target, kind=kind))

    def heal(self, fault_id: str) -> None:
        """End one fault.

        :raises FaultNotFoundError: there is none of that id.
        :raises HolderError: its holder failed; it is still in force, and healed once that can be.
        """
        with self._lock:
            fault = self._active.find(fault_id)
            if fault is None:
                raise FaultNotFoundError
            try:
                self._holders[fault.level].heal(fault)
            except HolderError as error:
                self._ends.try_again(fault, error)
                raise
            self._remove(fault)
            self._active.send_change()

    def heal_all(self) -> None:
        """End every fault, also those that holders have and the ledger has not.

        :raises HolderError: some holders failed; the faults of all others have ended, and theirs
            end once that can be.
        """
        failures: list[str] = []
        with self._lock:
            for level, holder in self._holders.items():
                faults = self._active.listed(level=level)
                try:
                    holder.heal_all()
                    for fault in filter(holder.outlives_heal_all, faults):
                        holder.heal(fault)
                except HolderError as error:
                    failures.append(f"{level}: {error}")
                    for fault in faults:
                        self._ends.try_again(fault, error)
                else:
                    for fault in faults:
                        self._remove(fault)
            self._active.send_change()
        if failures:
            raise HolderError("; ".join(failures))

    def start_timers(self) -> None:
        """Schedule the ends of the faults that were in force when the observer stopped."""
        with self._lock:
            for fault in self.active():
                self._ends.schedule(fault)

    def stop_timers(self) -> None:
        """Cancel the scheduled ends; the next start schedules them again."""
        self._ends.cancel_all()

    def sync(self, level: Level) -> None:
        """Adopt the state of a holder: drop what it no longer holds, add what its start set.

        For the time after a start: services set faults by their environment, and faults of an
        earlier run of the lab have gone with its processes.

        :raises HolderError: the holder failed; nothing has changed.
        """
        with self._lock:
            holder = self._holders[level]
            held = holder.held()
            known = self._active.listed(level=level)
            lost = [fault for fault in known if _is_lost(fault, held)]
            found = holder.set_by_environment(held - {fault.id for fault in known})
            for fault in lost:
                self._remove(fault)
            for fault in found:
                self._record(fault)
            if lost or found:
                self._active.send_change()
        if level == "socket":
            self._note_run()

    def renew(self) -> None:
        """Set again what a restarted service or the restarted links have lost.

        What somebody took out of the links in the same run is listed no more.

        :raises HolderError: a holder failed.
        """
        now = timezone.now()
        faults = [fault for fault in self.active() if not fault.is_over(now)]
        if any(fault.level == "socket" for fault in faults):
            self._renew_links([fault for fault in faults if fault.level == "socket"])
        if any(fault.level == "switch" for fault in faults):
            self._renew_switches()

    def as_json(self, *, hidden: bool = False) -> list[dict[str, Any]]:
        """Serialize the faults in force, the ``hidden`` ones only on request."""
        return self._active.as_json(hidden=hidden)

    def hidden_count(self) -> int:
        """How many faults in force are hidden."""
        return sum(fault.hidden for fault in self.active())

    def _apply(self, fault: Fault) -> None:
        holder = self._holders[fault.level]
        try:
            holder.apply(fault)
        except HolderError as error:
            if error.may_hold:
                self._heal_unrecorded(fault)
            raise

    def _replaces(self, fault: Fault, earlier: Fault) -> bool:
        return earlier.level == fault.level and self._holders[fault.level].replaces(fault)

    def _undo(self, fault: Fault, *, replaced: list[Fault], healed: list[Fault]) -> None:
        """End ``fault``, which could not take the place of the earlier ones; set those again."""
        again = [each for each in (*healed, *replaced) if self._is_set_again(each)]
        if not replaced or replaced[0] not in again:
            self._heal_unrecorded(fault)
        self._active.send_change()

    def _is_set_again(self, fault: Fault) -> bool:
        try:
            if not fault.is_over(timezone.now()):
                self._holders[fault.level].apply(fault)
                return True
        except (FaultError, HolderError):
            pass
        self._remove(fault)
        return False

    def _heal_unrecorded(self, fault: Fault) -> None:
        """Heal a fault that could not be set whole; while that fails it is listed as any other."""
        try:
            self._holders[fault.level].heal(fault)
        except HolderError as error:
            self._record(replace(fault, expires_at=timezone.now()))
            self._ends.try_again(fault, error)

    def _record(self, fault: Fault) -> None:
        self._active.record(fault)
        self._ends.schedule(fault)

    def _remove(self, fault: Fault) -> None:
        self._active.remove(fault)
        self._ends.cancel(fault)

    def _note_run(self) -> None:
        # Without an answer the links have gone since, and what was set is not set again.
        with suppress(HolderError):
            self._links_run = self._holders["socket"].run()

    def _renew_links(self, faults: list[Fault]) -> None:
        holder = self._holders["socket"]
        run = holder.run()
        restarted = bool(self._links_run) and run != self._links_run
        held = holder.held()
        lost = [fault for fault in faults if _is_lost(fault, held)]
        waiting = False
        if lost:
            with self._lock:
                for each in filter(self._active.is_listed, lost):
                    if not restarted:
                        self._remove(each)
                        continue
                    try:
                        holder.apply(each)
                    except FaultError:
                        # Whoever attached its link makes that again, or its name goes.
                        if each.target in RUNNING.system.link_names:
                            waiting = True
                        else:
                            self._remove(each)
                self._active.send_change()
        if not waiting:
            self._links_run = run

    def _renew_switches(self) -> None:
        holder = self._holders["switch"]
        # Called before the lock is taken: a service that is slow to answer must not delay a heal.
        held = holder.held()
        with self._lock:
            now = timezone.now()
            for fault in self.active():
                if fault.level == "switch" and fault.id not in held and not fault.is_over(now):
                    holder.apply(fault)


def _is_lost(fault: Fault, held: Collection[str]) -> bool:
    return fault.id not in held and f"cut:{fault.target}" not in held


LEDGER = Ledger(lab_holders())
