"""The ledger's background work: synced with the holders after a start, then kept in force."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING

from django.conf import settings

from base.loops import Loop
from faults import request
from faults.errors import FaultError, HolderError
from faults.ledger.ledger import LEDGER

if TYPE_CHECKING:
    from faults.fault import Level
    from faults.ledger.ledger import Ledger

log = logging.getLogger("faults")

_SYNC_SECONDS = 0.25
_SYNC_ATTEMPTS = 400
_RENEW_SECONDS = 2.0


class Maintenance:
    """Syncs ``ledger`` with each holder once it answers, sets `LAB_FAULTS`, then renews switches.

    A holder that has not answered after 400 attempts, 0.25 s apart, is left out.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._to_sync = ledger.levels
        self._attempts_left = _SYNC_ATTEMPTS
        self._synced = False
        self._loop = Loop("faults", self._step)

    def start(self) -> None:
        """Start the loop and the timers of the faults that are still in force."""
        self._ledger.start_timers()
        self._loop.start()

    def stop(self) -> None:
        """Stop the loop and the timers."""
        self._loop.stop(seconds=1)
        self._ledger.stop_timers()

    def _step(self) -> float:
        if self._synced:
            # A service may be down: its switches are renewed once it is back.
            with contextlib.suppress(HolderError):
                self._ledger.renew()
            return _RENEW_SECONDS
        self._to_sync = [level for level in self._to_sync if not self._sync(level)]
        self._attempts_left -= 1
        if self._to_sync and self._attempts_left > 0:
            return _SYNC_SECONDS
        self._set_initial(settings.LAB_FAULTS)
        self._synced = True
        return _RENEW_SECONDS

    def _sync(self, level: Level) -> bool:
        try:
            self._ledger.sync(level)
        except HolderError:
            return False
        return True

    def _set_initial(self, text: str) -> None:
        """Set the faults of ``LAB_FAULTS``, except those in force since before a restart."""
        try:
            for body in request.parse_list(text, set_by="environment"):
                if not self._ledger.is_active(target=body["target"], kind=body["kind"]):
                    self._ledger.set(body)
        except (FaultError, HolderError) as error:
            log.warning("LAB_FAULTS could not be set: %s", error)


MAINTENANCE = Maintenance(LEDGER)
