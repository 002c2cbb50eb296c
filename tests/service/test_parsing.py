"""A body is a JSON object without a NUL in its texts, which PostgreSQL would not store."""

from __future__ import annotations

import json

import pytest

from service.errors import BadRequestError
from service.parsing import parse_object

NO_NULS = ["", "u0000", r"\u0000", r"\\u0000", "\\", "0", "\x01"]
NULS = ["\0", "a\0b", "\\\0", "\\\\\0", r"\u0000" + "\0"]


@pytest.mark.parametrize("text", NO_NULS)
def test_any_other_text_is_read(text: str) -> None:
    for value in ({"a": text}, {text: [{"b": text}]}):
        assert parse_object(json.dumps(value).encode()) == value


@pytest.mark.parametrize("text", NULS)
def test_a_nul_is_refused_wherever_it_is(text: str) -> None:
    for value in ({"a": text}, {text: 1}, {"a": [{"b": text}]}):
        with pytest.raises(BadRequestError, match="NUL"):
            parse_object(json.dumps(value).encode())


@pytest.mark.parametrize("body", [b"", b"[]", b'"text"', b"{", b'{"a": "\x00"}'])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(BadRequestError):
        parse_object(body)
