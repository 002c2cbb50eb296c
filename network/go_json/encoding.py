"""Writes JSON as Go does: compact, safe within HTML, floats at their shortest."""

from __future__ import annotations

import json
import re
import struct
from decimal import Decimal
from typing import Final

_UNSAFE: Final = re.compile("[<>&\u2028\u2029]")
_ZEROS_OF_EXPONENT: Final = re.compile(r"e([+-])0+")
_DIGITS_OF_DOUBLE: Final = 17


def encode(value: object) -> bytes:
    """Return ``value`` as JSON."""
    return _text(value).encode("utf-8", "replace")


def float32(value: float) -> float:
    """Return the shortest number that Go's ``float32`` holds as it holds ``value``."""
    held = struct.pack("f", value)
    exact: float = struct.unpack("f", held)[0]
    return next(
        each
        for digits in range(1, _DIGITS_OF_DOUBLE + 1)
        if struct.pack("f", each := float(f"{exact:.{digits}g}")) == held
    )


def _text(value: object) -> str:
    match value:
        case dict():
            return "{" + ",".join(f"{_text(k)}:{_text(v)}" for k, v in value.items()) + "}"
        case list():
            return "[" + ",".join(map(_text, value)) + "]"
        case float():
            return _number(value)
    text = json.dumps(value, ensure_ascii=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _number(value: float) -> str:
    text = float.__repr__(value)
    if value and not 1e-6 <= abs(value) < 1e21:
        return _ZEROS_OF_EXPONENT.sub(r"e\1", text)
    return f"{Decimal(text):f}".removesuffix(".0")
