"""Turning defences on and off in the services, and on again when a service was started anew."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Any

import requests
from django.conf import settings
from django.db import Error
from django.utils.translation import gettext as _

from defences.catalogue import CONSISTENCY, DEFENCES, MODES, sides
from defences.models import WantedDefence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

log = logging.getLogger("defences")

_ASK_SECONDS = 3.0
_KEEP_SECONDS = 2.0


class RefusedError(ValueError):
    """What was asked for is no defence; the text says why."""


class UnreachableError(Exception):
    """A service could not be asked; nothing is known to have changed there."""


class Switchboard:
    """The defences of both services; ``listener`` hears of every change."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.listener: Callable[[dict[str, Any]], None] | None = None

    def as_json(self) -> list[dict[str, Any]]:
        """Describe every defence: whether it is wanted on."""
        wanted = _wanted()
        return [
            {
                "name": each.name,
                "side": each.side,
                "title": str(each.title),
                "text": str(each.text),
                "on": each.name in wanted,
            }
            for each in DEFENCES
        ]

    def mode(self) -> str:
        """Name the mode in force: ``availability`` or ``consistency``."""
        on = CONSISTENCY in _wanted()
        return next(mode for mode, value in MODES.items() if value == on)

    def switch(self, asked: object) -> None:
        """Turn defences on or off together; those not named stay as they are.

        :raises RefusedError: something in it is no defence or no boolean; nothing has changed.
        :raises UnreachableError: a service could not be asked; what it had is wanted as before.
        """
        changes = _read(asked)
        with self._lock:
            wanted = (_wanted() | {n for n, on in changes.items() if on}) - {
                n for n, on in changes.items() if not on
            }
            for side, names in sides().items():
                if changes.keys() & set(names):
                    _tell(side, {name: name in wanted for name in names})
            WantedDefence.objects.exclude(name__in=wanted).delete()
            for name in wanted:
                WantedDefence.objects.get_or_create(name=name)
        if self.listener is not None:
            self.listener({"type": "defences", "defences": self.as_json(), "mode": self.mode()})

    def start(self) -> None:
        """Keep the services as they are wanted, from now on."""
        threading.Thread(target=self._keep, name="defences", daemon=True).start()

    def _keep(self) -> None:
        while True:
            time.sleep(_KEEP_SECONDS)
            try:
                self.renew()
            except (UnreachableError, Error) as error:
                log.debug("defences could not be renewed: %s", error)

    def renew(self) -> None:
        """Turn on again what a service has forgotten.

        :raises UnreachableError: a service could not be asked.
        """
        wanted = _wanted()
        if not wanted:
            return
        for side, names in sides().items():
            told = {name: name in wanted for name in names}
            if any(told.values()) and _ask("GET", side) != told:
                with self._lock:
                    _tell(side, {name: name in _wanted() for name in names})


def _wanted() -> set[str]:
    return set(WantedDefence.objects.values_list("name", flat=True))


def _read(asked: object) -> Mapping[str, bool]:
    known = {each.name for each in DEFENCES}
    if not isinstance(asked, dict) or not asked:
        raise RefusedError("the body must be an object of defences, each true or false")
    if "mode" in asked:
        asked = _without_mode(asked)
    for name, value in asked.items():
        if name not in known:
            raise RefusedError(f"{name!r} is not one of {', '.join(sorted(known))}")
        if not isinstance(value, bool):
            raise RefusedError(f"{name} must be true or false")
    return asked


def _without_mode(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Read ``mode``, the other name of the defence ``consistency``."""
    mode = asked["mode"]
    if not isinstance(mode, str) or mode not in MODES:
        raise RefusedError(f"mode must be one of {', '.join(MODES)}")
    rest = {name: value for name, value in asked.items() if name != "mode"}
    if rest.setdefault(CONSISTENCY, MODES[mode]) is not MODES[mode]:
        raise RefusedError(f"mode and {CONSISTENCY} contradict each other")
    return rest


def _tell(side: str, states: Mapping[str, bool]) -> None:
    _ask("PATCH", side, body=states)


def _ask(method: str, side: str, *, body: object = None) -> Any:
    base = {"api": settings.LAB_API_URL, "worker": settings.LAB_WORKER_URL}[side]
    url = f"{base}/internal/defences"
    try:
        answer = requests.request(
            method,
            url,
            json=body,
            headers={"X-Lab-Secret": settings.LAB_SECRET},
            timeout=_ASK_SECONDS,
        )
        answer.raise_for_status()
    except requests.RequestException as error:
        raise UnreachableError(
            _("the %(side)s could not be asked: %(why)s")
            % {"side": side, "why": type(error).__name__}
        ) from None
    return answer.json()


SWITCHBOARD = Switchboard()
