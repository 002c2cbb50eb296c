"""Reports out of the files that runs left, in the language in force."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from experiments import words
from experiments.report.matrix import matrix_page
from experiments.report.page import page
from experiments.report.told import Told

if TYPE_CHECKING:
    from pathlib import Path


def report_of(place: Path) -> str:
    """Tell what lies in a run's folder, be it of an experiment or of the matrix.

    :raises FileNotFoundError: the run has not left its files, or not yet.
    """
    run = _read(place / "run.json")
    return matrix_page(run) if "cells" in run else page([told(place)])


def told(place: Path) -> Told:
    """Read what a run of an experiment left in its folder.

    :raises FileNotFoundError: it has not left its files, or not yet.
    """
    journal, history, gathered = (
        _read(place / f"{name}.json") for name in ("journal", "history", "gathered")
    )
    return Told(words.run(_read(place / "run.json")), journal, history, gathered)


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
