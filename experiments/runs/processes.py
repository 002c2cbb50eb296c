"""The runs of this lab: the one that goes on, in a process of its own, and those kept on disk."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from django.conf import settings

from base.message import Message
from experiments import signals
from experiments.errors import BusyError
from experiments.runs import folders
from experiments.runs.follower import LISTED_FIELDS, Follower
from experiments.runs.location import lab_environ, runs_directory

log = logging.getLogger("experiments")

_MOST_LISTED = 100
_STOP_SECONDS = 60
# Longer than a cell of the matrix can take.
_STALE_SECONDS = 120


class Runs:
    """Starts one run at a time and knows all that have been."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._state: dict[str, Any] | None = None

    @property
    def directory(self) -> Path:
        """Where runs are kept, a folder each."""
        return runs_directory()

    @property
    def busy(self) -> bool:
        """Whether a run goes on."""
        return self._process is not None

    def start(self, state: dict[str, Any], *arguments: str) -> dict[str, Any]:
        """Start ``manage.py experiment`` with ``arguments`` as the run that begins in ``state``.

        :raises BusyError: another one goes on.
        """
        with self._lock:
            if self._process is not None:
                raise BusyError
            run_id, self._state = state["runId"], state
            manage = str(Path(settings.LAB_BASE_DIR) / "manage.py")
            self._process = subprocess.Popen(
                [sys.executable, manage, "experiment", *arguments, "--stream", "--run-id", run_id],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "LAB_SERVICE": "observer", **lab_environ()},  # noqa: TID251 (handed on)
                cwd=settings.LAB_BASE_DIR,
            )
            Follower(self._process, state, changed=self._changed, ended=self._ended).start()
            return state

    def stop(self, run_id: str) -> bool:
        """Stop a run that goes on; its rollbacks are still carried out. False for any other."""
        with self._lock:
            process, state = self._process, self._state
            if process is None or state is None or state["runId"] != run_id:
                return False
            if process.stdin is not None and not process.stdin.closed:
                process.stdin.close()
            return True

    def shut_down(self) -> None:
        """Stop what goes on and wait for its rollbacks."""
        with self._lock:
            process, state = self._process, self._state
        if process is not None and state is not None:
            self.stop(state["runId"])
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()

    def find(self, run_id: str) -> dict[str, Any] | None:
        """Return a run's state; None when there is no such run."""
        state = self._state
        if state is not None and state["runId"] == run_id:
            return state
        return self._kept(run_id)

    def listed(self) -> list[dict[str, Any]]:
        """List the runs, the newest first, without their steps."""
        going = [self._state["runId"]] if self._state is not None else []
        ids = sorted({*folders.run_ids(self.directory), *going}, reverse=True)[:_MOST_LISTED]
        states = [state for run_id in ids if (state := self.find(run_id)) is not None]
        return [
            {
                **{field: state[field] for field in LISTED_FIELDS},
                "files": self._files(state["runId"]),
            }
            for state in states
        ]

    def latest(self, name: str) -> dict[str, Any] | None:
        """Return the state of the newest run called ``name``; None when there is none."""
        state = self._state
        ids = list(folders.run_ids(self.directory / name, pattern="*"))
        if state is not None and state["name"] == name:
            ids.append(state["runId"])
        return self.find(max(ids)) if ids else None

    def file(self, run_id: str, name: str) -> Path | None:
        """Return the path of a run's file, or None."""
        place = folders.find(self.directory, run_id)
        return place / name if place is not None and (place / name).is_file() else None

    def _files(self, run_id: str) -> list[str]:
        names = {"report": "report.html", "journal": "journal.json"}
        return [each for each, name in names.items() if self.file(run_id, name) is not None]

    def _kept(self, run_id: str) -> dict[str, Any] | None:
        path = self.file(run_id, "run.json")
        if path is None:
            return None
        state: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if state["status"] == "running" and _age_seconds(path) > _STALE_SECONDS:
            # Whoever ran it was killed: what it had measured by then is all that there is.
            reason = Message("reason.interrupted").as_json()
            state |= {"status": "failed", "reason": reason}
        return state

    def _changed(self, state: dict[str, Any]) -> None:
        self._state = state
        _announce(state)

    def _ended(self, state: dict[str, Any]) -> None:
        # Announced once its process is gone: who receives the end may start the next one.
        with self._lock:
            process, self._process, self._state = self._process, None, state
            if process is not None and process.stdin is not None:
                with contextlib.suppress(OSError):
                    process.stdin.close()
        _announce(state)


def _announce(run: dict[str, Any]) -> None:
    frame = {"type": "run", "run": {name: run[name] for name in ("runId", "name", "status")}}
    if "cells" in run:
        frame = {"type": "matrix", "runId": run["runId"], "status": run["status"]}
    signals.run_changed.send_robust(Runs, frame=frame)


def _age_seconds(path: Path) -> float:
    return time.time_ns() / 1e9 - path.stat().st_mtime


RUNS = Runs()
