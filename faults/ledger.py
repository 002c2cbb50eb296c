"""The faults in force: set, listed, healed; what ends by itself is dropped when its time is over.

Setting a kind on a target where it is in force already replaces it: there is one of each. Changes
go one after the other, through one lock.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import Error
from django.utils import timezone

from faults import announce, asked, history, typed, words
from faults.fault import FaultError
from faults.holders.firewall import FirewallHolder, directory, link_ports
from faults.holders.holder import Holder, HolderError
from faults.holders.process import ProcessHolder
from faults.holders.switch import SwitchHolder
from faults.holders.toxic import ToxicHolder
from faults.models import FaultRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faults.fault import Fault, Level

log = logging.getLogger("faults")

_AGREE_SECONDS = 0.25
_AGREE_TRIES = 400
_RENEW_SECONDS = 2.0


class Ledger:
    """The faults in force, kept in the observer's database; ``holders`` do them, by level."""

    def __init__(self, holders: Mapping[Level, Holder]) -> None:
        self._holders = holders
        self._lock = threading.RLock()
        self._timers: dict[str, threading.Timer] = {}

    def set(self, described: object) -> Fault:
        """Do what is asked for and record it.

        :raises FaultError: it is no fault that can be set; nothing has changed.
        :raises HolderError: its holder could not be asked; nothing is recorded.
        """
        with self._lock:
            fault = asked.read(described, now=timezone.now())
            holder = self._holders[fault.level]
            same = FaultRecord.objects.filter(target=fault.target, kind=fault.kind)
            earlier = [record.as_fault() for record in same]
            holder.apply(fault)
            FaultRecord.of(fault).save(force_insert=True)
            history.began(fault)
            for each in earlier:
                if not (holder.replaces(fault) and each.level == fault.level):
                    self._holders[each.level].heal(each)
                self._forget(each)
            self._end_in_time(fault)
            self._tell()
        return fault

    def active(self) -> list[Fault]:
        """List the faults in force, oldest first."""
        now = timezone.now()
        faults = [record.as_fault() for record in FaultRecord.objects.all()]
        return [fault for fault in faults if not fault.is_over(now)]

    def heal(self, fault_id: str) -> bool:
        """End one fault; False when there is none of that id.

        :raises HolderError: its holder could not be asked; it is still in force.
        """
        with self._lock:
            record = FaultRecord.objects.filter(id=fault_id).first()
            if record is None:
                return False
            fault = record.as_fault()
            self._holders[fault.level].heal(fault)
            self._forget(fault)
            self._tell()
        return True

    def heal_all(self) -> list[str]:
        """End every fault, those that the ledger does not know included; say what failed."""
        failed: list[str] = []
        with self._lock:
            for level, holder in self._holders.items():
                try:
                    holder.heal_everything()
                except HolderError as error:
                    failed.append(f"{level}: {error}")
                else:
                    for record in FaultRecord.objects.filter(level=level):
                        self._forget(record.as_fault())
            self._tell()
        return failed

    def start(self) -> None:
        """Take up again what was in force when the observer stopped; end what is over."""
        with self._lock:
            for record in FaultRecord.objects.all():
                self._end_in_time(record.as_fault())
        threading.Thread(target=self._keep, name="faults", daemon=True).start()

    def agree(self, level: Level) -> None:
        """Make the ledger agree with a holder: drop what it no longer holds, take up what it does.

        For the time after a start: what the environment turned on is taken up, and what a lab that
        has ended had in force is dropped.

        :raises HolderError: the holder could not be asked; nothing has changed.
        """
        with self._lock:
            holder = self._holders[level]
            held = holder.held()
            known = {record.id: record for record in FaultRecord.objects.filter(level=level)}
            changed = False
            for fault_id, record in known.items():
                if fault_id not in held and f"cut:{record.target}" not in held:
                    self._forget(record.as_fault())
                    changed = True
            for fault in holder.found(held - known.keys()):
                FaultRecord.of(fault).save(force_insert=True)
                history.began(fault)
                self._end_in_time(fault)
                changed = True
            if changed:
                self._tell()

    def renew(self) -> None:
        """Turn on again what a service has forgotten, since it was started anew.

        :raises HolderError: a service could not be asked.
        """
        if not any(fault.level == "switch" for fault in self.active()):
            return
        holder = self._holders["switch"]
        # Asked before the lock is taken: a service that is slow to answer must not hold up a heal.
        held = holder.held()
        with self._lock:
            for fault in self.active():
                if fault.level == "switch" and fault.id not in held:
                    holder.apply(fault)

    def _keep(self) -> None:
        """Agree with every holder once it answers, then go on renewing what services forget."""
        waiting = list(self._holders)
        for _ in range(_AGREE_TRIES):
            waiting = [level for level in waiting if not self._agreed(level)]
            if not waiting:
                break
            time.sleep(_AGREE_SECONDS)
        self._begin(settings.LAB_FAULTS)
        while True:
            time.sleep(_RENEW_SECONDS)
            with contextlib.suppress(HolderError, Error):
                self.renew()

    def _begin(self, text: str) -> None:
        """Set what the environment wants in force from the start, unless the lab goes on."""
        try:
            wanted = typed.several(text, set_by="environment")
            for described in wanted:
                if not self.active_like(described):
                    self.set(described)
        except (FaultError, HolderError, Error) as error:
            log.warning("LAB_FAULTS could not be set: %s", error)

    def active_like(self, described: Mapping[str, Any]) -> bool:
        """Whether a fault of the same kind on the same target is in force."""
        return any(
            fault.target == described["target"] and fault.kind == described["kind"]
            for fault in self.active()
        )

    def _agreed(self, level: Level) -> bool:
        try:
            self.agree(level)
        except (HolderError, Error):
            return False
        return True

    def as_json(self, *, hidden: bool = False) -> list[dict[str, Any]]:
        """Describe the faults in force, those that are ``hidden`` only when asked for."""
        now = timezone.now()
        told = (fault for fault in self.active() if hidden or not fault.hidden)
        return [words.as_json(fault, now=now) for fault in told]

    def hidden_count(self) -> int:
        """How many faults in force are hidden."""
        return sum(fault.hidden for fault in self.active())

    def _end_in_time(self, fault: Fault) -> None:
        remaining = fault.remaining_seconds(timezone.now())
        if remaining is None:
            return
        timer = threading.Timer(remaining, self._end, [fault])
        timer.daemon = True
        self._timers[fault.id] = timer
        timer.start()

    def _end(self, fault: Fault) -> None:
        with self._lock:
            if not FaultRecord.objects.filter(id=fault.id).exists():
                return
            holder = self._holders[fault.level]
            if not holder.self_healing:
                try:
                    holder.heal(fault)
                except HolderError as error:
                    log.warning("a fault's time is over but it could not be healed: %s", error)
            self._forget(fault)
            self._tell()

    def _forget(self, fault: Fault) -> None:
        timer = self._timers.pop(fault.id, None)
        if timer is not None:
            timer.cancel()
        FaultRecord.objects.filter(id=fault.id).delete()
        history.ended(fault.id)

    def _tell(self) -> None:
        announce.tell(self.as_json())


def make_ledger() -> Ledger:
    """Make the ledger of the lab that the settings describe."""
    services = {"api": settings.LAB_API_URL, "worker": settings.LAB_WORKER_URL}
    return Ledger(
        {
            # Healed first: a process that is down can't be asked about its switches.
            "process": ProcessHolder(settings.LAB_CONTROL_URL, secret=settings.LAB_SECRET),
            "socket": ToxicHolder(settings.TOXIPROXY_URL, own=settings.LAB_OWN_NETWORK),
            "switch": SwitchHolder(services, secret=settings.LAB_SECRET),
            "firewall": FirewallHolder(
                directory(), links=link_ports(), worker_netns=settings.LAB_WORKER_NETNS
            ),
        }
    )


LEDGER = make_ledger()
