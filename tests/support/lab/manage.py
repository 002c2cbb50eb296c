"""``manage.py`` as a person runs it beside a lab."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.support.processes import ROOT, in_background

if TYPE_CHECKING:
    from collections.abc import Mapping


def manage(
    environ: Mapping[str, str], *arguments: str, stdin: str = "", seconds: float = 60.0
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, with ``stdin`` as its input."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environ,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=seconds,
    )


def start_manage(environ: Mapping[str, str], *arguments: str) -> subprocess.Popen[str]:
    """Start a command in the background; its output and errors come in one stream."""
    with in_background():
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
