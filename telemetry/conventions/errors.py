"""Whether a span failed, and how: by what its instrumentation wrote, by nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from telemetry.conventions import names
from telemetry.conventions.error_names import (
    DATABASE_ANSWERS,
    DATABASE_ANSWERS_IN,
    DATABASE_STATUS,
    EXACT,
    GRPC_CODES,
    HALF_ANSWERS,
    IN_TEXTS,
    IN_TEXTS_OF_GRPC,
    KINDS,
    VAGUE,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from telemetry.records import Span, SpanEvent

_CLIENT_ERROR, _SERVER_ERROR, _HIGHEST = 400, 500, 600
# Without one of these a span failed by its status or not at all: most have none.
_SIGNS = frozenset({"error.type", *names.HTTP_STATUS, *names.GRPC_STATUS})
_DIGITS = 3
_OF_PSYCOPG = frozenset({"ConnectionTimeout", "CancellationTimeout", "PipelineAborted"})
_LONGEST_NAME, _LONGEST = 200, 2_000
# A call's own address, which may hold any word: as requests writes it, and others.
_URL = re.compile(r"https?://\S+|\burl: \S+")
_PORTS = re.compile(r"(?:ipv[46]:|dial tcp |ECONN[A-Z]+ |remote_addr=)[\[\]\w.:%]*?:(\d+)\b")
UNNAMED = "error"
"""Stands for the kind of a failure of which no attribute, event or text says how."""

# Codes that gRPC's libraries never make themselves: whoever reads one had an answer.
_GRPC_ANSWERS = frozenset(
    {
        *("INVALID_ARGUMENT", "NOT_FOUND", "ALREADY_EXISTS", "FAILED_PRECONDITION", "ABORTED"),
        *("OUT_OF_RANGE", "DATA_LOSS"),
    }
)


@dataclass(frozen=True, slots=True)
class Failure:
    """How a span failed: ``kind`` of the one vocabulary or as written, ``written`` as it stands."""

    kind: str
    written: str
    text: str = ""


def failure_of(span: Span) -> Failure | None:
    """How a span failed; None when it did not by its own record."""
    if not has_failed(span):
        return None
    written = _written(span)
    kind = _kind(span, written)
    return Failure(kind[:_LONGEST_NAME], (written or kind)[:_LONGEST_NAME], _text(span))


def has_failed(span: Span) -> bool:
    """Whether a span failed: by its status, its ``error.type``, or the answer's code."""
    if span.status_code == "ERROR":
        return True
    if _SIGNS.isdisjoint(span.attributes):
        return False
    if names.text(span, ("error.type",)):
        return True
    if span.status_code == "OK":
        return False
    lowest = _CLIENT_ERROR if span.kind == "CLIENT" else _SERVER_ERROR
    if names.http_status(span) >= lowest:
        return True
    return span.kind == "CLIENT" and grpc_code(span) not in ("", "OK")


def grpc_code(span: Span) -> str:
    """The name of a span's gRPC status; empty where it has none."""
    code = names.text(span, names.GRPC_STATUS).removesuffix(".0")
    if code.isdecimal():
        return GRPC_CODES[int(code)] if len(code) < 3 and int(code) < len(GRPC_CODES) else code
    return code.upper()


def was_answered(span: Span) -> bool:
    """Whether a CLIENT span shows that something answered it."""
    return names.http_status(span) > 0 or grpc_code(span) in {"OK", *_GRPC_ANSWERS}


def database_answered(span: Span) -> bool:
    """Whether a failed CLIENT span has an error that its database's server answered."""
    if span.kind != "CLIENT" or not names.text(span, names.DATABASE):
        return False
    code = names.text(span, ("db.response.status_code",))
    by_name = (
        name.rpartition(".")[2] in DATABASE_ANSWERS
        or (name.startswith(DATABASE_ANSWERS_IN) and name.rpartition(".")[2] not in _OF_PSYCOPG)
        for name in _names(span)
    )
    # As PostgreSQL begins the texts of its errors, where their class has others too.
    by_text = _text(span).startswith(("ERROR: ", "FATAL: "))
    return bool(DATABASE_STATUS.fullmatch(code)) or by_text or any(by_name)


def answer_began(span: Span) -> bool:
    """Whether a CLIENT span shows that a part of an answer came: its status, or how it failed."""
    last_parts = {name.rpartition(".")[2] for name in _names(span)}
    return names.http_status(span) > 0 or not HALF_ANSWERS.isdisjoint(last_parts)


def exceptions(span: Span) -> Iterator[SpanEvent]:
    """Yield the exceptions that a span recorded, the last one first."""
    for event in reversed(span.events):
        if event.name == "exception" or "exception.type" in event.attributes:
            yield event


def _written(span: Span) -> str:
    """The name of the failure as the span has it: its attribute, else its exception's type."""
    types = (str(each.attributes.get("exception.type") or "") for each in exceptions(span))
    status = names.http_status(span)
    code = grpc_code(span)
    found = (
        names.text(span, ("error.type",)),
        code if code != "OK" else "",
        *types,
        names.text(span, ("db.response.status_code",)),
        str(status) if status >= _CLIENT_ERROR else "",
    )
    return next((each for each in found if each), "")


def _kind(span: Span, written: str) -> str:
    """What a name says; else the code of the answer, the text beside, what a name most often is."""
    written_names = list(_names(span))
    by_status = of_status(names.http_status(span))
    if database_answered(span):
        return written or UNNAMED
    if span.kind == "SERVER" and by_status:
        # What it answered; an exception in it may be of a call of its own.
        return by_status
    for found in (
        _of_text(span, IN_TEXTS_OF_GRPC) if _is_of_grpcs_own_call(span) else "",
        next((kind for name in written_names if (kind := _of_name(name))), ""),
        by_status,
        # Of gRPC's codes a text may be the callee's, about a failure of its own.
        "" if grpc_code(span) else _of_text(span, IN_TEXTS),
        next((kind for name in written_names if (kind := _look_up(VAGUE, name))), ""),
    ):
        if found:
            return found
    return written or UNNAMED


def _is_of_grpcs_own_call(span: Span) -> bool:
    """Whether gRPC's library wrote a caller's text of this call.

    A callee may hand on what it got itself, with the text: it then names another port.
    """
    ports = _PORTS.findall(_text(span))
    own = names.text(span, names.PORT)
    is_other = bool(own) and bool(ports) and own not in ports
    return span.kind == "CLIENT" and bool(grpc_code(span)) and not is_other


def _names(span: Span) -> Iterator[str]:
    yield names.text(span, ("error.type",))
    for event in exceptions(span):
        yield str(event.attributes.get("exception.type") or "")
    yield grpc_code(span)


def _of_name(name: str) -> str:
    if name in KINDS:
        return name
    return of_status(int(name)) if is_status(name) else _look_up(EXACT, name)


def _look_up(table: Mapping[str, str], name: str) -> str:
    """What ``table`` has for a name, or for the last part of a qualified one: httpx.ReadTimeout."""
    return table.get(name) or table.get(name.rpartition(".")[2], "")


def _of_text(span: Span, table: Iterable[tuple[re.Pattern[str], str]]) -> str:
    text = _URL.sub("", _text(span))
    return next((kind for pattern, kind in table if pattern.search(text)), "")


def _text(span: Span) -> str:
    texts = (str(each.attributes.get("exception.message") or "") for each in exceptions(span))
    own = (span.status_message, names.text(span, names.GRPC_MESSAGE), *texts)
    found = list(dict.fromkeys(text for text in own if text))
    # Python's status has the exception's text in it.
    apart = (text for text in found if not any(text in other for other in found if other != text))
    return "; ".join(apart)[:_LONGEST]


def is_status(name: str) -> bool:
    """Whether a name is an HTTP status of a failure, as ``error.type`` is by the conventions."""
    return len(name) == _DIGITS and name.isdecimal() and int(name) >= _CLIENT_ERROR


def of_status(status: int) -> str:
    """The kind of an HTTP status; empty for one that is no failure."""
    if _CLIENT_ERROR <= status < _SERVER_ERROR:
        return "http_4xx"
    return "http_5xx" if _SERVER_ERROR <= status < _HIGHEST else ""
