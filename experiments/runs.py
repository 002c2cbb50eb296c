"""The runs of this lab: the one that goes on, in a process of its own, and those kept on disk."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.utils.translation import gettext as _

from experiments import kept
from experiments.announce import tell
from experiments.progress import now

log = logging.getLogger("experiments")

_MOST_LISTED = 100
_STOP_SECONDS = 60
# Longer than a cell of the matrix can take.
_STALE_SECONDS = 120


class BusyError(Exception):
    """Another run goes on: two at a time would judge each other's faults."""


class Runs:
    """Starts one run at a time and knows all that have been."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._state: dict[str, Any] | None = None

    @property
    def directory(self) -> Path:
        """Where runs are kept, a folder each."""
        return Path(settings.LAB_VAR_DIR) / "experiments"

    def start(self, state: dict[str, Any], *arguments: str) -> dict[str, Any]:
        """Start ``manage.py experiment`` with ``arguments`` as the run that begins in ``state``.

        :raises BusyError: another one goes on.
        """
        with self._lock:
            if self._process is not None:
                raise BusyError(_("another experiment is running: stop it, or wait for its end"))
            run_id, self._state = state["runId"], state
            manage = str(Path(settings.LAB_BASE_DIR) / "manage.py")
            self._process = subprocess.Popen(
                [sys.executable, manage, "experiment", *arguments, "--stream", "--run-id", run_id],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "LAB_SERVICE": "observer", **_urls()},  # noqa: TID251 (handed on)
                cwd=settings.LAB_BASE_DIR,
            )
            threading.Thread(
                target=self._follow, args=(self._process, run_id), name="run", daemon=True
            ).start()
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
        ids = sorted({*kept.run_ids(self.directory), *going}, reverse=True)[:_MOST_LISTED]
        states = [state for run_id in ids if (state := self.find(run_id)) is not None]
        fields = ("runId", "name", "title", "status", "startedAt", "endedAt")
        return [
            {**{field: state[field] for field in fields}, "files": self._files(state["runId"])}
            for state in states
        ]

    def latest(self, name: str) -> dict[str, Any] | None:
        """Return the state of the newest run called ``name``; None when there is none."""
        state = self._state
        if state is not None and state["name"] == name:
            return state
        ids = sorted(kept.run_ids(self.directory / name, pattern="*"), reverse=True)
        return self._kept(ids[0]) if ids else None

    def file(self, run_id: str, name: str) -> Path | None:
        """Return the path of a run's file, or None."""
        place = kept.find(self.directory, run_id)
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
            state |= {"status": "failed", "reason": "it was ended half-way"}
        return state

    def _follow(self, process: subprocess.Popen[bytes], run_id: str) -> None:
        last = self._state or {}
        for line in process.stdout or ():
            try:
                last = orjson.loads(line)
            except orjson.JSONDecodeError:
                continue
            if last["status"] == "running":
                self._state = last
                tell(last)
        process.wait()
        if last["status"] == "running":
            # It ended without a word: killed, or it never came to run.
            last = {**last, "runId": run_id, "status": "failed", "endedAt": now()}
        # Told once its process is gone: who hears of the end may start the next one.
        with self._lock:
            self._process, self._state = None, last
            if process.stdin is not None and not process.stdin.closed:
                process.stdin.close()
        tell(last)


def _age_seconds(path: Path) -> float:
    return time.time_ns() / 1e9 - path.stat().st_mtime


def _urls() -> dict[str, str]:
    return {
        "LAB_OBSERVER_URL": settings.LAB_OBSERVER_URL,
        "LAB_CLIENT_URL": settings.LAB_CLIENT_URL,
        "LAB_API_URL": settings.LAB_API_URL,
        "LAB_WORKER_URL": settings.LAB_WORKER_URL,
    }


RUNS = Runs()
