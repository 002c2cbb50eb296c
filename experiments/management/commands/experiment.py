"""``manage.py experiment list|run|matrix``: run experiments against the running lab."""

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

from experiments import files, matrix_words
from experiments.matrix import COLUMNS, ROWS, Wanted
from experiments.matrix_run import run_matrix
from experiments.report.files import told
from experiments.report.matrix import matrix_page
from experiments.report.page import page
from experiments.run import new_run_id, run

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

_MARKS = {"passed": "✓", "deviated": "✗", "failed": "!", "aborted": "–", "skipped": "↷"}


class Command(BaseCommand):
    """List and run the experiments; exit code 1 when one did not pass."""

    help = "List the experiments, or run one or all of them against the running lab."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ``list`` and ``run NAME|all``."""
        commands = parser.add_subparsers(dest="command", required=True)
        commands.add_parser("list")
        running = commands.add_parser("run", help="experiment run a-api-to-worker-cut")
        running.add_argument("name", help="its name, or all")
        running.add_argument("--report", metavar="FILE", help="write a report in HTML there")
        running.add_argument("--run-id", default="", help="an id instead of a new one")
        running.add_argument(
            "--stream",
            action="store_true",
            help="print the state as JSON lines, and stop when standard input is closed",
        )

        matrix = commands.add_parser("matrix", help="every defence against every fault")
        matrix.add_argument("--orders", type=int, default=6, help="orders a cell")
        matrix.add_argument("--seed", type=int, default=1)
        matrix.add_argument("--defences", default=",".join(ROWS), help="rows, commas between")
        matrix.add_argument("--faults", default=",".join(COLUMNS), help="columns, commas between")
        matrix.add_argument("--report", metavar="FILE", help="write a report in HTML there")
        matrix.add_argument("--run-id", default="", help="an id instead of a new one")
        matrix.add_argument("--stream", action="store_true", help="as for run")

    def handle(self, *_args: Any, **options: Any) -> None:
        """List or run."""
        if options["command"] == "list":
            for experiment in files.listed():
                self.stdout.write(f"{experiment.name:<32} {experiment.content['title']}")
            return
        if options["stream"]:
            _stop_when_stdin_closes()
        point_at_lab()
        if options["command"] == "matrix":
            self._matrix(options)
            return
        name = options["name"]
        try:
            chosen = files.listed() if name == "all" else [files.find(name)]
        except files.UnknownExperimentError as error:
            raise CommandError(str(error)) from None
        states = []
        for experiment in chosen:
            states.append(self._run(experiment, options))
            if states[-1]["interrupted"]:
                break
        if options["report"]:
            self._report(states, Path(options["report"]))
        if any(state["status"] not in ("passed", "skipped") for state in states):
            sys.exit(1)

    def _report(self, states: list[dict[str, Any]], path: Path) -> None:
        places = (runs_directory() / state["name"] / state["runId"] for state in states)
        self._write(path, page([told(place) for place in places]))

    def _matrix(self, options: dict[str, Any]) -> None:
        wanted = Wanted(
            options["orders"],
            options["seed"],
            options["defences"].split(","),
            options["faults"].split(","),
        )
        try:
            wanted.check()
        except ValueError as error:
            raise CommandError(str(error)) from None
        state, place = run_matrix(
            lab_urls(),
            wanted=wanted,
            run_id=options["run_id"] or new_run_id(),
            directory=runs_directory(),
            changed=_stream if options["stream"] else self._tell_cell,
        )
        if not options["stream"]:
            for line in matrix_words.lines(state):
                self.stdout.write(line)
            told = ": ".join(filter(None, (state["status"], state["reason"])))
            self.stdout.write(f"{told}; kept in {place}")
        if options["report"]:
            self._write(Path(options["report"]), matrix_page(state))
        if state["status"] != "completed":
            sys.exit(1)

    def _tell_cell(self, state: dict[str, Any]) -> None:
        if state["cells"] and (state["current"] or state["status"] == "completed"):
            cell = state["cells"][-1]
            titles = f"{matrix_words.row_title(cell['row'])} × "
            titles += matrix_words.column_title(cell["column"])
            count = f"{len(state['cells'])}/{state['total']}"
            self.stdout.write(f"{count:>6}  {titles:<48} {matrix_words.said(cell)}")

    def _write(self, path: Path, text: str) -> None:
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"the report could not be written: {error}") from None

    def _run(self, experiment: files.Experiment, options: dict[str, Any]) -> dict[str, Any]:
        run_id = options["run_id"] or new_run_id()
        progress = _Told(self.stdout.write)
        state = run(
            experiment,
            run_id=run_id,
            directory=runs_directory(),
            changed=_stream if options["stream"] else progress.changed,
        )
        if not options["stream"]:
            status = state["status"]
            told = ": ".join(filter(None, (status, state["reason"])))
            said = f"{_MARKS[status]} {experiment.name}: {told}"
            place = runs_directory() / experiment.name / run_id / "report.html"
            self.stdout.write(f"{said}\n  {place}\n")
        return state


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
    for name, value in lab_urls().items():
        os.environ.setdefault(f"LAB_{name.upper()}", value)  # noqa: TID251 (Chaos Toolkit reads it there)


def lab_urls() -> dict[str, str]:
    """Where this lab's settings say that it is, as an experiment's configuration has it."""
    return {
        "observer_url": settings.LAB_OBSERVER_URL,
        "client_url": settings.LAB_CLIENT_URL,
        "api_url": settings.LAB_API_URL,
        "worker_url": settings.LAB_WORKER_URL,
    }


def _stream(state: dict[str, Any]) -> None:
    sys.stdout.write(orjson.dumps(state, default=str).decode() + "\n")
    sys.stdout.flush()


def _stop_when_stdin_closes() -> None:
    """Stop as by Ctrl-C when whoever started this closes the pipe, or dies: on every system."""

    def watch() -> None:
        sys.stdin.read()
        _thread.interrupt_main()

    threading.Thread(target=watch, name="stop-watch", daemon=True).start()
