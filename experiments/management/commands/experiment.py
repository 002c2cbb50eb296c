"""``manage.py experiment list|run|matrix``: run experiments against the running lab."""

from __future__ import annotations

import _thread
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext, override

from base.loops import DONE, Loop
from base.process.signals import interrupted_by_signals
from experiments import catalogue
from experiments.errors import (
    MatrixSpecError,
    NeedsOrdersError,
    UnknownExperimentError,
    UnreadableExperimentError,
)
from experiments.matrix.report import matrix_page
from experiments.matrix.run import run_matrix
from experiments.matrix.spec import COLUMNS, ROWS, MatrixSpec, check_whole
from experiments.matrix.wording import cell_text, column_title, lines, row_title
from experiments.report.junit import junit, of_state
from experiments.report.page import page
from experiments.report.record import read_record
from experiments.runs.location import lab_environ, lab_urls, runs_directory
from experiments.runs.run import new_run_id, run
from experiments.wording import kept_text, run_json, sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.core.management.base import CommandParser

# As a shell reports a process that Ctrl-C ended.
_INTERRUPTED = 130
_MARKS = {"passed": "✓", "deviated": "✗", "failed": "!", "aborted": "–", "skipped": "↷"}


class Command(BaseCommand):
    """List and run the experiments; exit code 1 when one did not pass."""

    help = "List the experiments, or run one or all of them against the running lab."
    requires_system_checks = []  # they load every route, and a test runs them

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ``list``, ``run NAME|all`` and ``matrix``."""
        commands = parser.add_subparsers(dest="command", required=True)
        listing = commands.add_parser("list")
        running = commands.add_parser("run", help="experiment run a-api-to-worker-cut")
        running.add_argument("name", help="its name, or all")
        matrix = commands.add_parser("matrix", help="every defence against every fault")
        matrix.add_argument("--orders", type=int, default=6, help="orders per cell")
        matrix.add_argument("--seed", type=int, default=1)
        matrix.add_argument("--defences", default=",".join(ROWS), help="rows, comma-separated")
        matrix.add_argument("--faults", default=",".join(COLUMNS), help="columns, comma-separated")
        for each in (listing, running):
            each.add_argument("--system", metavar="FILE", help="the system file of the lab")
        for each in (running, matrix):
            each.add_argument("--report", metavar="FILE", help="write an HTML report to FILE")
            if each is running:
                each.add_argument("--junit", metavar="FILE", help="write a JUnit report to FILE")
            each.add_argument("--run-id", default="", help="an id instead of a new one")
            each.add_argument(
                "--stream",
                action="store_true",
                help="print the state as JSON lines, and stop when standard input is closed",
            )

    def handle(self, *_args: Any, **options: Any) -> None:
        """List or run, in the terminal's language."""
        with override(settings.LAB_TERMINAL_LANGUAGE):
            if options["command"] == "list":
                self._list()
                return
            try:
                with interrupted_by_signals():
                    self._run_until_stopped(options)
            except KeyboardInterrupt:
                sys.exit(_INTERRUPTED)

    def _run_until_stopped(self, options: dict[str, Any]) -> None:
        if options["stream"]:
            _stop_when_stdin_closes()
        if options["command"] == "matrix":
            self._run_matrix(options)
        else:
            self._run_experiments(options)

    def _list(self) -> None:
        for experiment in catalogue.listed():
            about = experiment.problem or gettext(experiment.title)
            self.stdout.write(f"{experiment.name:<32} {about}")

    def _run_experiments(self, options: dict[str, Any]) -> None:
        name = options["name"]
        try:
            names = [each.name for each in catalogue.listed()] if name == "all" else [name]
            chosen = [catalogue.find(each) for each in names]
        except (UnknownExperimentError, UnreadableExperimentError) as error:
            raise CommandError(sentence(error.message)) from None
        for variable, url in lab_environ().items():
            os.environ.setdefault(variable, url)  # noqa: TID251 (Chaos Toolkit reads it there)
        states = []
        for experiment in chosen:
            states.append(self._run(experiment, options))
            if states[-1]["interrupted"]:
                break
        if options["report"]:
            places = (runs_directory() / each["name"] / each["runId"] for each in states)
            self._write(options["report"], page([read_record(place) for place in places]))
        if options["junit"]:
            self._write(options["junit"], junit([of_state(run_json(each)) for each in states]))
        if any(state["status"] not in ("passed", "skipped") for state in states):
            sys.exit(1)

    def _run(self, experiment: catalogue.Experiment, options: dict[str, Any]) -> dict[str, Any]:
        run_id = options["run_id"] or new_run_id()
        state = run(
            experiment,
            run_id=run_id,
            directory=runs_directory(),
            changed=_stream if options["stream"] else _StepPrinter(self.stdout.write).changed,
        )
        if not options["stream"]:
            status = state["status"]
            outcome = ": ".join(filter(None, (status, kept_text(state["reason"]))))
            place = runs_directory() / experiment.name / run_id / "report.html"
            self.stdout.write(f"{_MARKS[status]} {experiment.name}: {outcome}\n  {place}\n")
        return state

    def _run_matrix(self, options: dict[str, Any]) -> None:
        try:
            spec = MatrixSpec(
                options["orders"],
                options["seed"],
                options["defences"].split(","),
                options["faults"].split(","),
            )
            check_whole()
        except (MatrixSpecError, NeedsOrdersError) as error:
            raise CommandError(sentence(error.message)) from None
        state, place = run_matrix(
            lab_urls(),
            spec,
            run_id=options["run_id"] or new_run_id(),
            directory=runs_directory(),
            changed=_stream if options["stream"] else self._print_cell,
        )
        if not options["stream"]:
            for line in lines(state):
                self.stdout.write(line)
            outcome = ": ".join(filter(None, (state["status"], kept_text(state["reason"]))))
            self.stdout.write(f"{outcome}; kept in {place}")
        if options["report"]:
            self._write(options["report"], matrix_page(state))
        if state["status"] != "completed":
            sys.exit(1)

    def _print_cell(self, state: dict[str, Any]) -> None:
        if state["cells"] and (state["current"] or state["status"] == "completed"):
            cell = state["cells"][-1]
            titles = f"{row_title(cell['row'])} × {column_title(cell['column'])}"
            count = f"{len(state['cells'])}/{state['total']}"
            self.stdout.write(f"{count:>6}  {titles:<48} {cell_text(cell)}")

    def _write(self, path: str, text: str) -> None:
        try:
            Path(path).write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"the report could not be written: {error}") from None


class _StepPrinter:
    """Prints each step once, when it has ended."""

    def __init__(self, write: Callable[[str], Any]) -> None:
        self._write = write
        self._steps = 0

    def changed(self, state: dict[str, Any]) -> None:
        """Print what has ended since the last change."""
        if not self._steps and not state["steps"]:
            self._write(gettext(state["title"]))
        for step in run_json(state)["steps"][self._steps :]:
            if step["status"] == "running":
                return
            mark = "✓" if step["status"] == "succeeded" else "✗"
            self._write(f"  {mark} {step['name']}" + (f": {step['text']}" if step["text"] else ""))
            self._steps += 1


def _stream(state: dict[str, Any]) -> None:
    sys.stdout.write(orjson.dumps(state, default=str).decode() + "\n")
    sys.stdout.flush()


def _stop_when_stdin_closes() -> None:
    """Stop as by Ctrl-C when whoever started this closes the pipe, or dies: on every system."""

    def watch() -> float:
        sys.stdin.read()
        _thread.interrupt_main()
        return DONE

    Loop("stop-watch", watch).start()
