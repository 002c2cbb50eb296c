"""Syntax errors of JSON in the words of Go's ``encoding/json``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import json

TRUNCATED: Final = "unexpected EOF"
OF_VALUE: Final = "looking for beginning of value"
_OF_KEY: Final = "looking for beginning of object key string"
_WHERE: Final = {
    "Expecting property name": _OF_KEY,
    "Illegal trailing comma": _OF_KEY,
    "Expecting ':'": "after object key",
    "Expecting value": OF_VALUE,
    "Invalid control": "in string literal",
    "Invalid \\uXXXX": r"in \u hexadecimal character escape",
    "Invalid \\": "in string escape code",
}
_ESCAPES: Final = {"'": r"\'", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\\": r"\\"}
_BLANKS: Final = re.compile(r"[ \t\r\n]*")
_STRINGS: Final = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_HEXADECIMAL: Final = re.compile(r"\\?u?[0-9a-fA-F]*")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$")


def said_by_go(text: str, error: json.JSONDecodeError) -> str:
    """Put a syntax error as Go does: by the character at which it stopped, and where that was."""
    if error.msg.startswith("Unterminated string"):
        return TRUNCATED
    where = next((each for start, each in _WHERE.items() if error.msg.startswith(start)), "")
    at = error.pos
    if where == _WHERE["Invalid \\uXXXX"]:
        at = _end_of(_HEXADECIMAL, text, at)
    elif where == _WHERE["Invalid \\"]:
        at = text.index("\\", at - 1) + 1
    elif where != _WHERE["Invalid control"]:
        if (found := broken_number(text, at)) is not None:
            return found
        at = after_blanks(text, at)
    if error.msg.startswith("Illegal trailing comma"):
        at = text.index("}", at)
    if not where:
        where = "after object key:value pair" if _in_object(text[:at]) else "after array element"
    if where == OF_VALUE:
        at, where = _in_literal(text, at)
    return f"invalid character {quoted(text[at])} {where}" if at < len(text) else TRUNCATED


def after_blanks(text: str, at: int) -> int:
    """Return where in ``text`` something stands, from ``at`` on."""
    return _end_of(_BLANKS, text, at)


def broken_number(text: str, at: int) -> str | None:
    """Say where a number breaks off that Python read up to ``at``; None when none does there."""
    before = _NUMBER.search(text[:at])
    match text[at : at + 1]:
        case "-" if before is None:
            where = "in numeric literal"
        case "." if before is not None and not before[1] and not before[2]:
            where = "after decimal point in numeric literal"
        case "e" | "E" if before is not None and not before[2]:
            where = "in exponent of numeric literal"
            at += text[at + 1 : at + 2] in ("+", "-")
        case _:
            return None
    return f"invalid character {quoted(text[at + 1])} {where}" if text[at + 1 :] else TRUNCATED


def quoted(character: str) -> str:
    """Quote a character as Go's errors do; beyond ASCII it is the first byte of its encoding."""
    byte = character.encode("utf-8", "replace")[0]
    shown = _ESCAPES.get(character, chr(byte))
    return f"'{shown}'" if shown.isprintable() else f"'\\x{byte:02x}'"


def _end_of(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _in_literal(text: str, at: int) -> tuple[int, str]:
    """Return where a half ``true``, ``false`` or ``null`` breaks off, if one begins there."""
    literal = next(
        (each for each in ("true", "false", "null") if each[:1] == text[at : at + 1]), ""
    )
    for offset, expected in enumerate(literal):
        if text[at + offset : at + offset + 1] != expected:
            return at + offset, f"in literal {literal} (expecting '{expected}')"
    return at, OF_VALUE


def _in_object(before: str) -> bool:
    opened: list[str] = []
    for each in _STRINGS.sub("", before):
        if each in "{[":
            opened.append(each)
        elif each in "}]" and opened:
            opened.pop()
    return opened[-1:] == ["{"]
