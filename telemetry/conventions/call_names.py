"""What a call is named: by what it asks for, where its span's own name does not say that.

HTTP by method and route or path, an RPC by service and method, a database call by operation and
table or system, a message by its destination, all by the conventions' attributes, old or new. A
name that says as much is kept, so that a sentence and the span in a trace are called alike.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telemetry.conventions import names
from telemetry.conventions.names import text

if TYPE_CHECKING:
    from telemetry.records import Span

_METHOD = ("http.request.method_original", "http.request.method", "http.method")
_QUERY_SUMMARY = ("db.query.summary",)
_QUERY_TEXT = ("db.query.text", "db.statement")
_DATABASE_OPERATION = ("db.operation.name", "db.operation")
_TABLE = (
    *("db.collection.name", "db.sql.table", "db.mongodb.collection", "db.cassandra.table"),
    "db.elasticsearch.path_parts.index",
)
_SENDING = ("messaging.operation.name", "messaging.operation", "messaging.operation.type")
_OPERATIONS_OF_MESSAGES = frozenset(
    {"send", "publish", "create", "receive", "poll", "process", "deliver", "consume", "settle"}
)
_LONGEST_QUERY = 1_000
# Statements in which nothing else can stand where the table does.
_STATEMENT = re.compile(
    r"\s*(?:select\s[^()'\"`]*?\sfrom|insert\s+into|delete\s+from)\s+([\w.]+)"
    r"|\s*update\s+([\w.]+)\s+set\b",
    re.IGNORECASE,
)


def call_name(span: Span, *, beside: str = "") -> str:
    """What a span's call is named; the span's own name where no attribute says more.

    ``beside`` is whom a sentence names next to it: a database that stands there is not repeated.
    """
    if text(span, names.MESSAGING) and text(span, names.QUEUE):
        return _of_message(span)
    if text(span, names.DATABASE):
        name, system = _of_database(span), text(span, names.DATABASE)
        is_repeated = system == beside.partition(" (")[0]
        return (name.removesuffix(f" {system}") if is_repeated else name).strip() or name
    if text(span, names.RPC_METHOD):
        return _of_rpc(span)
    return _of_http(span)


def _of_message(span: Span) -> str:
    """A name that is an operation alone, as ``publish``, lacks where to."""
    if span.name and span.name.lower() not in _OPERATIONS_OF_MESSAGES:
        return span.name
    operation = span.name or text(span, _SENDING)
    return f"{operation} {text(span, names.QUEUE)}".strip()


def _of_database(span: Span) -> str:
    """A name that is an operation or a database alone lacks the other, and the table."""
    summary = text(span, _QUERY_SUMMARY)
    query = text(span, _QUERY_TEXT)[:_LONGEST_QUERY]
    operation = text(span, _DATABASE_OPERATION) or _first_word(query)
    table = text(span, _TABLE) or _table(query)
    says_all = operation.lower() in span.name.lower() and table in span.name
    if not (summary or operation) or (says_all and len(span.name.split()) > 1):
        return span.name
    return summary or f"{operation} {table or text(span, names.DATABASE)}"


def _first_word(query: str) -> str:
    """The command of a statement, where it begins with one."""
    word = query.split(maxsplit=1)[:1]
    return word[0] if word and word[0].isalpha() else ""


def _table(query: str) -> str:
    """The table of a simple statement; empty where it is not certain."""
    found = _STATEMENT.match(query)
    return (found[1] or found[2]) if found else ""


def _of_rpc(span: Span) -> str:
    """The name that gRPC itself has for a method; in 2025 it became one attribute."""
    service, method = text(span, names.RPC_SERVICE), text(span, names.RPC_METHOD).lstrip("/")
    if method in span.name and service in span.name and not span.name.startswith("/"):
        return span.name
    return f"{service}/{method}" if service and "/" not in method else method


def _of_http(span: Span) -> str:
    """A name that is a method or a path alone lacks the other."""
    method = text(span, _METHOD)
    if span.name in names.BARE_NAMES:
        method = method or span.name.removeprefix("HTTP ")
        return f"{method} {names.asked_path(span)}".rstrip()
    is_path = span.name.startswith("/") and " " not in span.name
    return f"{method} {span.name}" if is_path and method else span.name
