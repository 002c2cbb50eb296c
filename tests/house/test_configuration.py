"""The page on configuration names every variable that is read, and no other."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def test_every_variable_is_documented() -> None:
    source = (ROOT / "base" / "env.py").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    read = set(re.findall(r'"([A-Z]+_[A-Z_]+)"', source))
    assert read == set(re.findall(r"^\| `([A-Z_]+)`", page, flags=re.MULTILINE))
