"""A circuit breaker: after failures in a row nothing is sent for a while, then one call probes.

Pure but for the lock of `Breaker`: states are values, and the time is given.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

Name = Literal["closed", "open", "half_open"]

MOST_FAILURES = 100
MOST_SUCCESSES = 10
LONGEST_MS = 600_000


@dataclass(frozen=True, slots=True)
class Policy:
    """When to open, and when to close again.

    ``failures`` in a row open it (1 to 100). It stays open for ``open_ms``, then lets one call at
    a time through; ``successes`` of these in a row close it (1 to 10), one failure opens it again.
    A probe without an outcome for ``probe_ms`` counts no longer, so that one that was lost does
    not keep the breaker half-open for ever. Milliseconds are from 1 to 600,000.

    :raises ValueError: a number is out of its bounds.
    """

    failures: int = 5
    open_ms: int = 2_000
    successes: int = 1
    probe_ms: int = 10_000

    def __post_init__(self) -> None:
        for name, value, most in (
            ("failures", self.failures, MOST_FAILURES),
            ("open_ms", self.open_ms, LONGEST_MS),
            ("successes", self.successes, MOST_SUCCESSES),
            ("probe_ms", self.probe_ms, LONGEST_MS),
        ):
            if not 1 <= value <= most:
                raise ValueError(f"{name} must be from 1 to {most}, not {value}")


@dataclass(frozen=True, slots=True)
class State:
    """Where the breaker stands. ``since_ms`` is when it opened, or when its probe was let through.

    ``epoch`` changes with each change of ``name`` and each probe: a call that was let through in an
    earlier one says nothing about now.
    """

    name: Name = "closed"
    failures: int = 0
    successes: int = 0
    probing: bool = False
    since_ms: float = 0.0
    epoch: int = 0


def admit(state: State, policy: Policy, *, now_ms: float) -> tuple[State, bool]:
    """Whether a call may be made now, and the state after the question."""
    if state.name == "closed":
        return state, True
    waited_ms = now_ms - state.since_ms
    if state.name == "open":
        if waited_ms < policy.open_ms:
            return state, False
    elif state.probing and waited_ms < policy.probe_ms:
        return state, False
    successes = state.successes if state.name == "half_open" else 0
    probe = State("half_open", 0, successes, probing=True, since_ms=now_ms, epoch=state.epoch + 1)
    return probe, True


def settle(state: State, policy: Policy, *, epoch: int, ok: bool, now_ms: float) -> State:
    """Take in how a call ended that was let through in ``epoch``."""
    if epoch != state.epoch or state.name == "open":
        return state
    if ok:
        return _succeeded(state, policy)
    failures = state.failures + 1
    if state.name == "closed" and failures < policy.failures:
        return replace(state, failures=failures)
    return State("open", since_ms=now_ms, epoch=state.epoch + 1)


def _succeeded(state: State, policy: Policy) -> State:
    if state.name == "closed":
        return replace(state, failures=0)
    successes = state.successes + 1
    if successes >= policy.successes:
        return State(epoch=state.epoch + 1)
    return replace(state, successes=successes, probing=False, epoch=state.epoch + 1)


@dataclass(frozen=True, slots=True)
class Ticket:
    """The breaker's decision on one call: whether it may be made, and in which state."""

    admitted: bool
    name: Name
    epoch: int


class Breaker:
    """One link's breaker, for all threads of a process. ``clock`` returns monotonic seconds."""

    def __init__(
        self, policy: Policy | None = None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._policy = policy or Policy()
        self._clock = clock
        self._lock = threading.Lock()
        self._state = State()

    @property
    def state(self) -> State:
        """Where it stands; an open one changes only at the next call."""
        return self._state

    def request(self) -> Ticket:
        """Request one call. Whoever is admitted reports its end to `report`."""
        with self._lock:
            self._state, admitted = admit(self._state, self._policy, now_ms=self._now_ms())
            return Ticket(admitted, self._state.name, self._state.epoch)

    def report(self, ticket: Ticket, *, ok: bool) -> Name | None:
        """Take in how an admitted call ended; the name of the new state when it has changed."""
        with self._lock:
            before = self._state
            self._state = settle(
                before, self._policy, epoch=ticket.epoch, ok=ok, now_ms=self._now_ms()
            )
            return self._state.name if self._state.name != before.name else None

    def forget(self) -> None:
        """Close it, whatever its state: no call went through it for a while."""
        if self._state.name == "closed" and not self._state.failures:
            return
        with self._lock:
            self._state = State(epoch=self._state.epoch + 1)

    def _now_ms(self) -> float:
        return self._clock() * 1_000
