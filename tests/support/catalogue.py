"""Reading a gettext catalogue's source, without GNU gettext."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FIELD = re.compile(r'^(msgctxt|msgid_plural|msgid|msgstr(?:\[0\])?) (".*")$')


def entries(path: Path) -> dict[str, str]:
    """Map each message, as a compiled catalogue knows it, to its translation."""
    found: dict[str, str] = {}
    for fields in _fields(path.read_text(encoding="utf-8")):
        key = fields["msgid"]
        if "msgctxt" in fields:
            key = f"{fields['msgctxt']}\x04{key}"
        found[key] = fields.get("msgstr", fields.get("msgstr[0]", ""))
    return found


def _fields(text: str) -> Iterator[dict[str, str]]:
    for block in re.split(r"\n{2,}", text):
        fields: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            begun = _FIELD.match(line)
            if begun:
                name = begun[1]
                fields[name] = ast.literal_eval(begun[2])
            elif line.startswith('"'):
                fields[name] += ast.literal_eval(line)
        if "msgid" in fields:
            yield fields
