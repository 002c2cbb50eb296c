"""Switching defences on and off in the services, again whenever a service is restarted."""

from __future__ import annotations

import contextlib
import logging
import threading
from typing import TYPE_CHECKING, Any

from django.conf import settings

from base.client import LabClient
from base.errors import LabError
from base.loops import Loop
from defences import signals
from defences.catalogue import CONSISTENCY, DEFENCES, MODES, sides
from defences.errors import InvalidDefencesError, ServiceFailedError
from defences.models import EnabledDefence
from service import lab_errors
from systems.orders import URL_SETTINGS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

log = logging.getLogger("defences")

_TIMEOUT_SECONDS = 3.0
_RENEW_SECONDS = 2.0


class Switchboard:
    """The defences of all services."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._to_restore: set[str] = set()
        """Services that may have defences on or off which are not stored so."""
        self._loop = Loop("defences", self._step, every=_RENEW_SECONDS, delay=_RENEW_SECONDS)

    def as_json(self) -> dict[str, Any]:
        """Return ``{defences: [{name, side, title, text, on}], mode}``."""
        enabled = _enabled()
        listed = [
            {
                "name": each.name,
                "side": each.side,
                "title": str(each.title),
                "text": str(each.text),
                "on": each.name in enabled,
            }
            for each in DEFENCES
        ]
        on = CONSISTENCY in enabled
        return {"defences": listed, "mode": next(m for m, value in MODES.items() if value == on)}

    def switch(self, body: Mapping[str, Any]) -> None:
        """Switch defences together; those not named stay as they are.

        :raises InvalidDefencesError: ``body`` is not ``{name: boolean, …, mode?}``.
        :raises ServiceFailedError: a service failed; what is stored is unchanged, and services that
            have changed already are changed back, at once or as soon as they can be reached.
        """
        changes = _changes(body)
        with self._lock:
            enabled = {n for n in _enabled() | changes.keys() if changes.get(n, True)}
            try:
                for side, names in sides().items():
                    if changes.keys() & set(names):
                        self._to_restore.add(side)
                        _set(side, names, enabled)
            except ServiceFailedError:
                self._restore()
                raise
            self._to_restore.clear()
            EnabledDefence.objects.exclude(name__in=enabled).delete()
            for name in enabled:
                EnabledDefence.objects.get_or_create(name=name)
        frame = {"type": "defences", **self.as_json()}
        signals.defences_changed.send_robust(type(self), frame=frame)

    def start(self) -> None:
        """Start to renew the defences of restarted services."""
        self._loop.start()

    def stop(self) -> None:
        """Stop renewing."""
        self._loop.stop(seconds=1)

    def renew(self) -> None:
        """Switch on again what a service lost when it was restarted.

        :raises ServiceFailedError: a service failed.
        """
        with self._lock:
            self._restore()
        enabled = _enabled()
        for side, names in sides().items():
            states = {name: name in enabled for name in names}
            if any(states.values()) and _call("GET", side) != states:
                with self._lock:
                    _set(side, names, _enabled())

    def _restore(self) -> None:
        """Give services the stored defences again; one that fails is left to the next time."""
        enabled = _enabled()
        for side in list(self._to_restore):
            with contextlib.suppress(ServiceFailedError):
                _set(side, sides()[side], enabled)
                self._to_restore.discard(side)

    def _step(self) -> None:
        try:
            self.renew()
        except ServiceFailedError as error:
            # A service may be down: it is renewed once it is back.
            log.debug("defences could not be renewed: %s", error)


def _enabled() -> set[str]:
    return set(EnabledDefence.objects.values_list("name", flat=True))


def _changes(body: Mapping[str, Any]) -> Mapping[str, bool]:
    if not body:
        raise InvalidDefencesError("the body must be an object of defences, each true or false")
    known = {each.name for each in DEFENCES}
    changes = _without_mode(body) if "mode" in body else body
    for name, value in changes.items():
        if name not in known:
            raise InvalidDefencesError(f"{name!r} is not one of {', '.join(sorted(known))}")
        if not isinstance(value, bool):
            raise InvalidDefencesError(f"{name} must be true or false", field=name)
    return changes


def _without_mode(body: Mapping[str, Any]) -> dict[str, Any]:
    """Replace ``mode`` by the defence that it stands for, ``consistency``."""
    mode = body["mode"]
    if not isinstance(mode, str) or mode not in MODES:
        raise InvalidDefencesError(f"mode must be one of {', '.join(MODES)}", field="mode")
    changes = {name: value for name, value in body.items() if name != "mode"}
    if changes.setdefault(CONSISTENCY, MODES[mode]) is not MODES[mode]:
        raise InvalidDefencesError(f"mode and {CONSISTENCY} contradict each other", field="mode")
    return changes


def _set(side: str, names: Collection[str], enabled: Collection[str]) -> None:
    _call("PATCH", side, body={name: name in enabled for name in names})


def _call(method: str, side: str, *, body: object = None) -> Any:
    base_url = getattr(settings, URL_SETTINGS[side])
    service = LabClient(base_url, secret=settings.LAB_SECRET, timeout_seconds=_TIMEOUT_SECONDS)
    try:
        return service.call(method, "/internal/defences", body=body)
    except LabError as error:
        raise ServiceFailedError(lab_errors.sentence(error)) from error


SWITCHBOARD = Switchboard()
