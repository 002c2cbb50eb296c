"""Keeping secrets out of a text that leaves the lab."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telemetry.records import AttributeValue

HIDDEN = "[redacted]"

_SECRET_NAME = re.compile(
    r"auth|cookie|secret|token|passw|pwd|api.?key|private.?key|access.?key|credential|session|signature",
    re.IGNORECASE,
)
_SECRETS_IN_TEXT = (
    # Authorization values, wherever they stand.
    (re.compile(r"\b(Bearer|Basic|Digest|Token)\s+[A-Za-z0-9._~+/=-]{6,}", re.IGNORECASE), r"\1 "),
    # User and password of a URL.
    (re.compile(r"(\w://)[^/\s:@]+:[^/\s@]+(?=@)"), r"\1"),
    # name=value and "name": "value", whose name is a secret's.
    (
        re.compile(
            r"([\w.-]*(?:auth|cookie|secret|token|passw|pwd|api.?key|credential|session|signature)"
            r"[\w.-]*[\"']?\s*[=:]\s*[\"']?)[^\s\"'&;,}]+",
            re.IGNORECASE,
        ),
        r"\1",
    ),
)
_LONGEST_VALUE = 300
_DEEPEST = 4


def redacted(attributes: Mapping[str, AttributeValue]) -> Iterator[tuple[str, str]]:
    """Yield every attribute as text, in order of name, secrets hidden and long values cut."""
    for key in sorted(attributes):
        if _SECRET_NAME.search(key):
            yield key, HIDDEN
        else:
            yield key, clean(_as_text(attributes[key], depth=0))


def clean(text: str) -> str:
    """One line of ``text``, without what looks like a secret, of at most 300 characters."""
    text = " ".join(text[: _LONGEST_VALUE * 4].split())
    for pattern, kept in _SECRETS_IN_TEXT:
        text = pattern.sub(kept + HIDDEN, text)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def _as_text(value: AttributeValue, *, depth: int) -> str:
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if depth >= _DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        inner = ", ".join(
            f"{key}={HIDDEN if _SECRET_NAME.search(str(key)) else _as_text(one, depth=depth + 1)}"
            for key, one in value.items()
        )
        return f"{{{inner}}}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(_as_text(one, depth=depth + 1) for one in value) + "]"
    return str(value)
