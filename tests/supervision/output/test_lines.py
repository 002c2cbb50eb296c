"""A line that a service prints is a log record: JSON by its own fields, others as they stand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from supervision.output.lines import parts_of, record_of
from supervision.output.sender import Printed, request_of
from telemetry.otlp import from_json
from telemetry.store.rows import level_of, message_of

NOW = 1_700_000_000_123_456_789
TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def read(line: str, *, stream: str = "stdout") -> Any:
    """Return the record as the observer will store it."""
    record = record_of(line, observed_ns=NOW, stream=stream)
    body = json.dumps(request_of([Printed("front", "front#1", record)])).encode()
    [log], problems = from_json.logs(body)
    assert problems == []
    return log


@pytest.mark.parametrize(
    "line", ["Server listening on 9101", "{not json", "[1, 2]", '"text"', "{", " {} trailing"]
)
def test_any_other_line_is_its_own_message(line: str) -> None:
    log = read(line, stream="stderr")
    assert (message_of(log), level_of(log), log.time_unix_nano) == (line, "INFO", NOW)
    assert log.attributes == {"log.iostream": "stderr"}


def test_what_colours_a_terminal_is_no_part_of_the_message() -> None:
    line = "\x1b[31m\x1b[1mGET /buy\x1b[0m 502 \x1b[2K"
    assert message_of(read(line)) == "GET /buy 502 \x1b[2K"


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ('{"msg": "a}{"}{"msg": "b"}', ['{"msg": "a}{"}', '{"msg": "b"}']),
        ('{"msg": "a}{b"}', ['{"msg": "a}{b"}']),
        ('{"msg": "a"}{"msg": ', ['{"msg": "a"}{"msg": ']),
        ('{"a": 1}{"b": 2} and more', ['{"a": 1}{"b": 2} and more']),
        ("[1]{}", ["[1]{}"]),
        ("", [""]),
        ("{" * 20_000, ["{" * 20_000]),
    ],
    ids=["two", "one", "half", "text", "list", "empty", "deep"],
)
def test_lines_that_threads_wrote_into_one_are_told_apart(line: str, parts: list[str]) -> None:
    assert parts_of(line) == parts


def test_it_is_the_services_own_record() -> None:
    attributes = read("x").resource.attributes
    assert (attributes["service.name"], attributes["service.instance.id"]) == ("front", "front#1")


def test_a_json_line_is_read_by_its_own_fields() -> None:
    log = read(
        '{"ts": "2026-01-02T03:04:05.678Z", "level": "ERROR", "msg": "callback failed",'
        f' "traceId": "{TRACE}", "spanId": "{SPAN}", "requestId": "r-1", "attempt": 2,'
        ' "details": {"a": [1]}, "ok": false, "gone": null}'
    )
    assert (message_of(log), level_of(log)) == ("callback failed", "ERROR")
    assert log.time_unix_nano == 1_767_323_045_678_000_000
    assert (log.trace_id, log.span_id) == (TRACE, SPAN)
    assert log.attributes == {
        "log.iostream": "stdout",
        "requestId": "r-1",
        "attempt": 2,
        "details": '{"a":[1]}',
        "ok": False,
    }


@pytest.mark.parametrize(
    ("line", "level", "message", "at"),
    [
        # pino and bunyan
        ('{"level":40,"time":1767323045678,"msg":"slow"}', "WARN", "slow", 1_767_323_045_678),
        # structlog, python-json-logger
        (
            '{"level":"warning","timestamp":"2026-01-02T03:04:05.678+00:00","message":"m"}',
            "WARN",
            "m",
            1_767_323_045_678,
        ),
        # slog of Go
        (
            '{"time":"2026-01-02T12:04:05.678+09:00","level":"INFO","msg":"m"}',
            "INFO",
            "m",
            1_767_323_045_678,
        ),
        # logback's JSON encoder
        (
            '{"@timestamp":"2026-01-02T03:04:05.678Z","level":"DEBUG","message":"m"}',
            "DEBUG",
            "m",
            1_767_323_045_678,
        ),
    ],
)
def test_loggers_of_several_languages_are_understood(
    line: str, level: str, message: str, at: int
) -> None:
    log = read(line)
    assert (level_of(log), message_of(log)) == (level, message)
    assert round(log.time_unix_nano / 1e6) == at


@pytest.mark.parametrize(
    "field",
    [
        '"ts": "yesterday"',
        '"ts": -1',
        '"ts": 1e300',
        '"level": "loud"',
        '"level": 35',
        '"traceId": "0000"',
        f'"traceId": "{"0" * 32}"',
        '"spanId": 7',
        '"msg": 7',
    ],
)
def test_a_field_that_cannot_be_read_stays_what_it_is(field: str) -> None:
    log = read(f"{{{field}}}")
    assert field.partition('"')[2].partition('"')[0] in log.attributes
    assert (log.time_unix_nano, log.trace_id, log.span_id) == (NOW, "", "")


def test_other_spellings_of_the_ids_are_known() -> None:
    log = read(f'{{"trace_id": "{TRACE.upper()}", "request_id": "r", "msg": "m"}}')
    assert (log.trace_id, log.attributes["requestId"]) == (TRACE, "r")
