"""``manage.py experiment list|run``: run experiments against the running lab."""

from __future__ import annotations

import _thread
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from experiments import files
from experiments.run import new_run_id, run

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

_MARKS = {"passed": "✓", "deviated": "✗", "failed": "!", "aborted": "–"}


class Command(BaseCommand):
    """List and run the experiments; exit code 1 when one did not pass."""

    help = "List the experiments, or run one or all of them against the running lab."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ``list`` and ``run NAME|all``."""
        commands = parser.add_subparsers(dest="command", required=True)
        commands.add_parser("list")
        running = commands.add_parser("run", help="experiment run a-api-to-worker-cut")
        running.add_argument("name", help="its name, or all")
        running.add_argument("--run-id", default="", help="an id instead of a new one")
        running.add_argument(
            "--stream",
            action="store_true",
            help="print the state as JSON lines, and stop when standard input is closed",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """List or run."""
        if options["command"] == "list":
            for experiment in files.listed():
                self.stdout.write(f"{experiment.name:<32} {experiment.content['title']}")
            return
        point_at_lab()
        name = options["name"]
        try:
            chosen = files.listed() if name == "all" else [files.find(name)]
        except files.UnknownExperimentError as error:
            raise CommandError(str(error)) from None
        if options["stream"]:
            _stop_when_stdin_closes()
        results = [self._run(experiment, options) for experiment in chosen]
        if any(status != "passed" for status in results):
            sys.exit(1)

    def _run(self, experiment: files.Experiment, options: dict[str, Any]) -> str:
        run_id = options["run_id"] or new_run_id()
        told = _Told(self.stdout.write)
        state = run(
            experiment,
            run_id=run_id,
            directory=runs_directory() / run_id,
            changed=_stream if options["stream"] else told.changed,
        )
        status: str = state["status"]
        if not options["stream"]:
            self.stdout.write(f"{_MARKS[status]} {experiment.name}: {status} (run {run_id})\n")
        return status


class _Told:
    """Prints each step once, when it has ended."""

    def __init__(self, write: Any) -> None:
        self._write = write
        self._steps = 0

    def changed(self, state: dict[str, Any]) -> None:
        """Print what has ended since."""
        if not self._steps and not state["steps"]:
            self._write(state["title"])
        while self._steps < len(state["steps"]):
            step = state["steps"][self._steps]
            if step["status"] == "running":
                return
            mark = "✓" if step["status"] == "succeeded" else "✗"
            self._write(f"  {mark} {step['name']}" + (f": {step['text']}" if step["text"] else ""))
            self._steps += 1


def runs_directory() -> Path:
    """Where runs are kept, a folder each."""
    return Path(settings.LAB_VAR_DIR) / "experiments"


def point_at_lab() -> None:
    """Tell the experiments' configuration where this lab is, unless the environment does."""
    told = {
        "LAB_OBSERVER_URL": settings.LAB_OBSERVER_URL,
        "LAB_CLIENT_URL": settings.LAB_CLIENT_URL,
        "LAB_API_URL": settings.LAB_API_URL,
        "LAB_WORKER_URL": settings.LAB_WORKER_URL,
    }
    for name, value in told.items():
        os.environ.setdefault(name, value)  # noqa: TID251 (Chaos Toolkit reads it there)


def _stream(state: dict[str, Any]) -> None:
    sys.stdout.write(orjson.dumps(state, default=str).decode() + "\n")
    sys.stdout.flush()


def _stop_when_stdin_closes() -> None:
    """Stop as by Ctrl-C when whoever started this closes the pipe, or dies: on every system."""

    def watch() -> None:
        sys.stdin.read()
        _thread.interrupt_main()

    threading.Thread(target=watch, name="stop-watch", daemon=True).start()
