"""Files of a size that is read at once, and folders of a size that shows what is in them."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent.parent
MOST_LINES = 400
MOST_MODULES = 14
FAMILIES = {
    "benchmarks": "what is measured each",
    "network/toxics": "a toxic each",
    "tests/experiments": "a part of a run, its verdict or its report each",
    "tests/evidence": "a part of the explanation each",
    "tests/js/model": "a part of the model each",
    "tests/flow": "a behaviour of the running lab each",
    "tests/page": "a part of the page, or what people do with it, each",
    "tests/house": "a rule of the house each",
}
"""Folders with more, all of one kind, and which kind."""


def sources() -> list[PurePosixPath]:
    """List the files that people write: Python, JavaScript and style sheets."""
    listed = subprocess.run(
        [
            "git",
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "*.py",
            "*.js",
            "*.mjs",
            "*.css",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = map(PurePosixPath, listed.stdout.splitlines())
    return [path for path in paths if (ROOT / path).exists()]


def test_no_file_is_longer_than_can_be_read_at_once() -> None:
    lines = {str(path): len((ROOT / path).read_bytes().splitlines()) for path in sources()}
    assert {path: count for path, count in lines.items() if count > MOST_LINES} == {}


def test_no_folder_holds_more_modules_than_can_be_seen_at_once() -> None:
    folders = Counter(
        str(path.parent)
        for path in sources()
        if path.suffix != ".css" and path.name != "__init__.py"
    )
    large = {folder: count for folder, count in folders.items() if count > MOST_MODULES}
    assert {folder: count for folder, count in large.items() if folder not in FAMILIES} == {}
    assert FAMILIES.keys() <= large.keys()
