"""Threads of a service, kept apart by what their requests wait for.

An order waits for the worker, whose callback needs a thread of the same service: were there only
one set of threads, enough orders at a time would leave none for the callbacks that they wait for.
And what heals a fault must come through when everything else is held up by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.http.pool import Pool

if TYPE_CHECKING:
    from collections.abc import Sequence

CONTROL = (
    "/internal/faults",
    "/internal/defences",
    "/internal/start-over",
    "/healthz",
    "/readyz",
)
"""What steers the service, and is to be answered whatever else goes on."""

STATE = "/internal/state/"
"""What the observer reads for the page."""

_CONTROL_THREADS = 4


class Lanes:
    """A pool of threads for each kind of request.

    ``waiting`` has the method and the path's beginning of each request that waits for the other
    service. Callbacks have a pool of their own as well: what reads, and waits for a database that
    is held up, does not keep them.
    """

    def __init__(self, threads: int, *, waiting: Sequence[tuple[str, str]]) -> None:
        self._waits = waiting
        self.control = Pool("control", _CONTROL_THREADS)
        self.waiting = Pool("waiting", threads)
        self.callbacks = Pool("callback", threads)
        self.other = Pool("other", threads)

    def pool_of(self, method: str, path: str) -> Pool:
        """Return the pool that answers a request."""
        if path.startswith(CONTROL):
            return self.control
        if any(method == waiting and path.startswith(begins) for waiting, begins in self._waits):
            return self.waiting
        calls_back = path.startswith("/internal/") and not path.startswith(STATE)
        return self.callbacks if calls_back else self.other
