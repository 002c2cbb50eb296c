"""Installing by uv, which takes seconds where pip takes most of a minute.

Where pip has another index or a proxy, it is pip that installs; and whatever fails here is left to
it: it knows the configuration, and what it says of a failure is explained.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_CONFIGURED = frozenset({"index-url", "no-index", "proxy"})


def install(
    requirements: Path, *, python: Path, version: str | None, only_binary: Collection[str]
) -> bool:
    """Return whether uv has installed ``requirements`` into the environment of ``python``.

    ``version`` is uv's own, pinned: None where there is none. Of ``only_binary`` nothing is built.
    """
    if version is None:
        return False
    pip: list[str | Path] = [python, "-m", "pip"]
    configured = _output([*pip, "config", "list"])
    if configured is None or not _CONFIGURED.isdisjoint(_settings(configured)):
        return False
    with tempfile.TemporaryDirectory(prefix="partition-lab-uv-") as directory:
        of_uv = ["--only-binary", "uv", "--target", directory, f"uv=={version}"]
        if _output([*pip, "install", "--quiet", *of_uv]) is None:
            return False
        program = shutil.which("uv", path=str(Path(directory) / "bin"))
        if program is None:
            return False
        wheels = [word for name in only_binary for word in ("--only-binary", name)]
        uv: list[str | Path] = [program, "pip", "install", "--quiet", "--python", python, *wheels]
        return _output([*uv, "--requirement", requirements]) is not None


def _settings(listed: str) -> list[str]:
    """Return the names in what ``pip config list`` prints: ``global.index-url='…'``."""
    return [line.partition("=")[0].rpartition(".")[2] for line in listed.splitlines()]


def _output(command: Sequence[str | Path]) -> str | None:
    """Run a command; return what it prints, None when it fails."""
    try:
        ended = subprocess.run(command, check=False, capture_output=True, text=True)
    except OSError:
        return None
    return None if ended.returncode else ended.stdout
