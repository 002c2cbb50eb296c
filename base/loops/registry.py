"""What runs here, how it does, and what cannot go on."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeVar

from base.message import Message
from base.timestamps import now

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

log = logging.getLogger("loops")

FIRST_PAUSE_SECONDS: Final = 0.1
LONGEST_PAUSE_SECONDS: Final = 5.0
UNHEALTHY_AFTER: Final = 3


@dataclass(frozen=True, slots=True)
class Health:
    """How a loop does: failures in a row, errors in all, the last error, failing since when."""

    name: str
    alive: bool = True
    failures: int = 0
    errors: int = 0
    last_error: str = ""
    since: str | None = None


class Watched(ABC):
    """What threads and tasks have in common: their health and their place in the registry."""

    def __init__(self, name: str, *, longest_pause: float, unhealthy_after: int) -> None:
        self.name = name
        self._longest_pause = longest_pause
        self._unhealthy_after = unhealthy_after
        self._health = Health(name)
        self._stopping = False

    @property
    def health(self) -> Health:
        """How it does now."""
        return replace(self._health, alive=self._is_alive())

    @property
    def ok(self) -> bool:
        """Whether it can go on: it is alive and has not failed too often in a row."""
        return self._is_alive() and self._health.failures < self._unhealthy_after

    @abstractmethod
    def _is_alive(self) -> bool: ...

    def _succeeded(self) -> None:
        if self._health.failures:
            log.warning("%s goes on after %d failures", self.name, self._health.failures)
            self._health = replace(self._health, failures=0, since=None)

    def _failed(self, error: BaseException) -> float:
        """Log and count ``error``; return the seconds to pause."""
        failures = self._health.failures + 1
        last_error = f"{type(error).__name__}: {error}"
        # The same again and again needs no trace each time.
        is_news = failures == 1 or last_error != self._health.last_error
        self._health = replace(
            self._health,
            failures=failures,
            errors=self._health.errors + 1,
            last_error=last_error,
            since=self._health.since or now(),
        )
        _count(self.name)
        log.error(
            "%s failed, %d in a row", self.name, failures, exc_info=error if is_news else None
        )
        return pause_after(failures, longest=self._longest_pause)


def health() -> list[Health]:
    """List the health of all that runs in this process, by name."""
    return sorted((each.health for each in _running()), key=lambda health: health.name)


def errors() -> dict[str, int]:
    """Count what was raised since the process began, by the names of loops and attempts."""
    with _registry_lock:
        return dict(_errors)


def problems() -> list[Message]:
    """Name each loop that cannot go on, once: ``loop_dead`` or ``loop_failing``."""
    found = {each.name: each.health for each in _running() if not each.ok}
    return [
        Message(
            "loop_failing" if found[name].alive else "loop_dead",
            {
                "loop": name,
                "failures": found[name].failures,
                "error": found[name].last_error,
                "since": found[name].since or "",
            },
        )
        for name in sorted(found)
    ]


def attempt(name: str, action: Callable[[], T]) -> T | None:
    """Call ``action`` once; when it raises, that is logged, counted in `errors`, and None returned.

    For one item of many, whose failure must not hold up the others.
    """
    try:
        return action()
    except Exception as error:  # noqa: BLE001 (logged and counted)
        record_failure(name, error)
        release()
        return None


def release_by(action: Callable[[], None]) -> None:
    """Have ``action`` called in the thread of a step or an attempt that raised, and at its end.

    For what a thread holds and may have broken, such as its connection to a database.
    """
    if action not in _releases:
        _releases.append(action)


def release() -> None:
    """Release what this thread holds."""
    for action in _releases:
        try:
            action()
        except Exception:
            log.exception("what a thread holds could not be released")


def pause_after(failures: int, *, longest: float = LONGEST_PAUSE_SECONDS) -> float:
    """Return the seconds to pause after so many failures in a row: doubled each time, bounded."""
    return min(longest, FIRST_PAUSE_SECONDS * 2.0 ** min(failures - 1, 16))


def record_failure(name: str, error: BaseException) -> None:
    """Log and count what an attempt raised."""
    _count(name)
    log.error("%s failed", name, exc_info=error)


def register(loop: Watched) -> None:
    """List ``loop`` among what runs, unless it is stopping already."""
    with _registry_lock:
        if not loop._stopping:
            _registry.add(loop)


def unregister(loop: Watched) -> None:
    """List ``loop`` no more."""
    with _registry_lock:
        _registry.discard(loop)


def _running() -> list[Watched]:
    with _registry_lock:
        return list(_registry)


def _count(name: str) -> None:
    with _registry_lock:
        _errors[name] = _errors.get(name, 0) + 1


_releases: list[Callable[[], None]] = []
_registry: set[Watched] = set()
_registry_lock = threading.Lock()
_errors: dict[str, int] = {}
