"""Reading JSON as people and programs write it: with a byte order mark, with broken strings."""

from __future__ import annotations

import codecs
import re
from typing import Any

import orjson

from telemetry.errors import Malformed, TooLarge

MAX_ELEMENTS = 500_000
"""Objects and arrays in one body: what bounds the time and memory that reading it takes."""

_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def json_document(body: bytes) -> Any:
    """Read one JSON document; a string that is no Unicode gets U+FFFD where it is broken.

    :raises Malformed: it is not JSON.
    :raises TooLarge: it has more than `MAX_ELEMENTS` objects and arrays.
    """
    body = bounded(body.removeprefix(codecs.BOM_UTF8))
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        repaired = _repaired(body)
        if repaired == body:
            raise Malformed(f"the body is not JSON: {error}") from None
    try:
        return orjson.loads(repaired)
    except orjson.JSONDecodeError as error:
        raise Malformed(f"the body is not JSON: {error}") from None


def bounded(body: bytes) -> bytes:
    """Return ``body``.

    :raises TooLarge: it has more than `MAX_ELEMENTS` objects and arrays.
    """
    if body.count(b"{") + body.count(b"[") > MAX_ELEMENTS:
        raise TooLarge(f"the body has more than {MAX_ELEMENTS} objects and arrays")
    return body


def _repaired(body: bytes) -> bytes:
    """Replace bytes that are no UTF-8, and halves of surrogate pairs, by U+FFFD."""
    whole = body.decode("utf-8", "replace").encode()
    return _ESCAPE.sub(lambda found: b"\\ufffd" if found[1] else found[0], whole)
