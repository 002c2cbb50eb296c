"""One JSON object a line, with the fields and the levels of the contract."""

from __future__ import annotations

import contextvars
import json
import logging

import pytest

from boundary.log_line import JsonLineFormatter


def line(level: int, **extra: object) -> dict[str, object]:
    record = logging.makeLogRecord({"msg": "hello", "levelno": level, "created": 0.5, **extra})
    # In a context of its own: a request that was served before may have left its ids.
    text = contextvars.Context().run(JsonLineFormatter("api").format, record)
    read: dict[str, object] = json.loads(text)
    return read


@pytest.mark.parametrize(
    ("level", "name"),
    [(logging.INFO, "INFO"), (logging.WARNING, "WARN"), (logging.ERROR, "ERROR")],
)
def test_the_level_is_named_as_in_the_contract(level: int, name: str) -> None:
    assert line(level) == {
        "ts": "1970-01-01T00:00:00.500Z",
        "service": "api",
        "level": name,
        "msg": "hello",
    }


def test_what_belongs_to_a_boundary_comes_before_the_rest() -> None:
    read = line(logging.ERROR, detail="d", errorKind="reset", attempt=1, httpStatus=None)
    assert list(read)[4:] == ["attempt", "errorKind", "detail"]
