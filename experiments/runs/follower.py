"""Following a run's process by the lines that it writes, until it ends."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import orjson

from base.loops import DONE, Loop
from base.timestamps import now

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

log = logging.getLogger("experiments")

LISTED_FIELDS = ("runId", "name", "title", "status", "startedAt", "endedAt")


class Follower:
    """Passes on each state that ``process`` writes, and the last one once the process is gone.

    ``changed`` is called with each state of a run that goes on, ``ended`` once, with the last.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        state: dict[str, Any],
        *,
        changed: Callable[[dict[str, Any]], None],
        ended: Callable[[dict[str, Any]], None],
    ) -> None:
        self._process = process
        self._last = state
        self._changed = changed
        self._ended = ended
        self._loop = Loop("run-follower", self._step)

    def start(self) -> None:
        """Begin to follow."""
        self._loop.start()

    def _step(self) -> float | None:
        line = self._process.stdout.readline() if self._process.stdout else b""
        if not line:
            self._process.wait()
            self._ended(self._final())
            return DONE
        state = _read(line, run_id=self._last["runId"])
        if state is None:
            log.warning("a line of a run is no state of it: %r", line[:200])
            return None
        self._last = state
        if state["status"] == "running":
            self._changed(state)
        return None

    def _final(self) -> dict[str, Any]:
        if self._last["status"] != "running":
            return self._last
        # It ended without a last state: killed, or it never came to run.
        return {**self._last, "status": "failed", "endedAt": now()}


def _read(line: bytes, *, run_id: str) -> dict[str, Any] | None:
    try:
        state = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(state, dict) or not state.keys() >= set(LISTED_FIELDS):
        return None
    return state if state["runId"] == run_id and isinstance(state["status"], str) else None
