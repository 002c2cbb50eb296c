"""Runs on disk: ``<directory>/<name>/<runId>/``, and ``latest`` beside the runs of each name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RUN_ID = re.compile(r"[0-9T]{18}-[0-9a-f]{4}")
LATEST = "latest"


def place(directory: Path, name: str, run_id: str) -> Path:
    """Make the folder of a run and let ``latest`` point to it."""
    made = directory / name / run_id
    made.mkdir(parents=True, exist_ok=True)
    _point(made.parent / LATEST, run_id)
    return made


def find(directory: Path, run_id: str) -> Path | None:
    """Return the folder of a run; None when there is none, or it is no run's id."""
    if not RUN_ID.fullmatch(run_id):
        return None
    return next((path for path in directory.glob(f"*/{run_id}") if path.is_dir()), None)


def run_ids(directory: Path, *, pattern: str = "*/*") -> Iterator[str]:
    """Yield the ids of the runs whose folders ``pattern`` finds in ``directory``, in no order."""
    for path in directory.glob(pattern):
        if RUN_ID.fullmatch(path.name):
            yield path.name


def _point(link: Path, run_id: str) -> None:
    draft = link.with_name(f".{LATEST}-{run_id}")
    try:
        draft.symlink_to(run_id, target_is_directory=True)
    except OSError:
        # Windows wants a privilege for links: there the file holds the name of the folder.
        draft.write_text(run_id, encoding="ascii")
    draft.replace(link)
