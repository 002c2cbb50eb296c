"""One run of the matrix, kept on disk with its report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from base.lab import Lab
from experiments.matrix.matrix import Matrix
from experiments.matrix.report import matrix_page
from experiments.runs import folders

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from experiments.matrix.spec import MatrixSpec


def run_matrix(
    configuration: Mapping[str, Any] | None,
    spec: MatrixSpec,
    *,
    run_id: str,
    directory: Path,
    changed: Callable[[dict[str, Any]], None],
) -> tuple[dict[str, Any], Path]:
    """Run a matrix; keep ``run.json`` and ``report.html`` under ``directory/matrix/<runId>/``.

    What was measured is kept before every cell, so that a matrix that is stopped has left its part.
    """
    place = folders.place(directory, "matrix", run_id)

    def keep(state: dict[str, Any]) -> None:
        draft = place / "run.draft"
        draft.write_text(json.dumps(state, indent=2), encoding="utf-8")
        draft.replace(place / "run.json")
        if state["status"] != "running":
            (place / "report.html").write_text(matrix_page(state), encoding="utf-8")
        changed(state)

    return Matrix(Lab(configuration), spec, run_id=run_id, changed=keep).run(), place
