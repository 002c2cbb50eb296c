"""One run of the matrix, kept on disk with its report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from experiments import kept
from experiments.matrix import Matrix, Wanted
from experiments.report.matrix import matrix_page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


def run_matrix(
    configuration: Mapping[str, Any] | None,
    *,
    wanted: Wanted,
    run_id: str,
    directory: Path,
    changed: Callable[[dict[str, Any]], None],
) -> tuple[dict[str, Any], Path]:
    """Run a matrix; keep ``run.json`` and ``report.html`` under ``directory/matrix/<runId>/``.

    What was measured is kept after every cell, so that one that is stopped has left its part.
    """
    place = kept.place(directory, "matrix", run_id)

    def keep(state: dict[str, Any]) -> None:
        draft = place / "run.draft"
        draft.write_text(json.dumps(state, indent=2), encoding="utf-8")
        draft.replace(place / "run.json")
        if state["status"] != "running":
            (place / "report.html").write_text(matrix_page(state), encoding="utf-8")
        changed(state)

    matrix = Matrix(configuration, wanted=wanted, run_id=run_id, changed=keep)
    return matrix.run(), place
