"""Chaos Toolkit's own command, as a stranger to the lab runs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.processes import ROOT

if TYPE_CHECKING:
    from tests.support.processes import LabProcesses


def chaos_run(
    lab: LabProcesses, file: str | Path, *, directory: Path, **environ: str
) -> subprocess.Popen[str]:
    """Start ``chaos run`` with an experiment's file; ``journal.json`` will be in ``directory``.

    ``file`` is the path of one, or the name of one of the lab's own.
    """
    path = f"experiments/files/{file}.yaml" if isinstance(file, str) else str(file)
    chaos = shutil.which("chaos", path=str(Path(sys.executable).parent))
    assert chaos is not None
    return subprocess.Popen(
        [
            chaos,
            "--no-version-check",
            "--no-log-file",
            "run",
            f"--journal-path={directory / 'journal.json'}",
            path,
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "LAB_OBSERVER_URL": lab.observer_url,
            "LAB_CLIENT_URL": lab.client_url,
            "LAB_API_URL": lab.api_url,
            "LAB_WORKER_URL": lab.worker_url,
            "HOME": str(directory),
            # Where Chaos Toolkit looks for the modules that a file names.
            "PYTHONPATH": str(ROOT),
            **environ,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
