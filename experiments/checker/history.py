"""The client's history, in Jepsen's words: what was invoked, and what its client learned of it."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Outcome = Literal["ok", "fail", "info"]


@dataclass(frozen=True, slots=True)
class Operation:
    """One order that a client placed, or one request of an action.

    ``outcome`` is ``ok`` when the API acknowledged it, ``fail`` when it certainly did not take it,
    and ``info`` when the client cannot know: it got no answer, or one that does not say. Times are
    milliseconds since the history began. ``attempts`` is over 1 when it was retried, with the
    same ``Idempotency-Key``. A request of an action has the ``trace_id`` that the lab's client gave
    it, and no order.
    """

    index: int
    request_id: str
    started_ms: float
    ended_ms: float
    outcome: Outcome
    http_status: int | None = None
    order_id: str | None = None
    status: str | None = None
    error: str | None = None
    attempts: int = 1
    trace_id: str | None = None
    action: str | None = None

    @property
    def latency_ms(self) -> float:
        """How long the client waited."""
        return self.ended_ms - self.started_ms

    def as_json(self) -> dict[str, Any]:
        """Describe it for a file."""
        return asdict(self)


class History:
    """Operations, as they end; safe from any thread."""

    def __init__(self, operations: Iterable[Operation] = ()) -> None:
        self._operations = list(operations)
        self._lock = threading.Lock()
        self._invoked = len(self._operations)

    def invoke(self) -> int:
        """Begin an operation and return its index."""
        with self._lock:
            self._invoked += 1
            return self._invoked - 1

    def end(self, operation: Operation) -> None:
        """Record how an operation ended."""
        with self._lock:
            self._operations.append(operation)

    @property
    def operations(self) -> Sequence[Operation]:
        """What has ended so far, in the order of invocation."""
        with self._lock:
            return sorted(self._operations, key=lambda operation: operation.index)

    @property
    def acknowledged(self) -> list[Operation]:
        """Those that the API acknowledged."""
        return [each for each in self.operations if each.outcome == "ok"]

    def as_json(self) -> list[dict[str, Any]]:
        """Describe all of it for a file."""
        return [operation.as_json() for operation in self.operations]


def from_json(listed: Iterable[dict[str, Any]]) -> History:
    """Read what `History.as_json` wrote."""
    return History(Operation(**each) for each in listed)
