"""Files of traces and logs, in and out: OTLP JSON and Jaeger's JSON, known by their content."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from telemetry.errors import Malformed, RecordRefusedError
from telemetry.jaeger import from_json as from_jaeger
from telemetry.jaeger import to_json as jaeger
from telemetry.judge import described
from telemetry.otlp import from_json, to_json
from telemetry.otlp.json_text import json_document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telemetry.otlp.json_fields import Json
    from telemetry.records import LogRecord, Span

_NO_FILE_OF_OURS = gettext_noop(
    "the file is neither OTLP JSON (resourceSpans, resourceLogs) nor Jaeger's JSON (data, spans)"
)


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file held; ``problems`` has a sentence for each record that was left out."""

    spans: list[Span]
    logs: list[LogRecord]
    problems: list[str]


def parse_import(body: bytes) -> Imported:
    """Read a file of OTLP JSON (one document, or one a line) or of Jaeger's JSON.

    A span without an end comes as abandoned: nobody will end it here.

    :raises Malformed: it is neither, or nothing in it can be kept.
    """
    found = Imported([], [], [])
    for document in _documents(body):
        _add(found, document)
    found.spans[:] = [
        span if span.end_time_unix_nano else replace(span, state="abandoned")
        for span in found.spans
    ]
    if not found.spans and not found.logs:
        raise Malformed(
            _("nothing in the file can be kept: %(why)s") % {"why": described(found.problems)}
            if found.problems
            else _("the file holds no spans and no log records")
        )
    return found


def export_otlp(spans: Sequence[Span], logs: Sequence[LogRecord] = ()) -> dict[str, Any]:
    """Make one document of OTLP JSON with the spans and the log records."""
    return to_json.traces(spans) | to_json.logs(logs)


def export_jaeger(spans: Sequence[Span], logs: Sequence[LogRecord] = ()) -> dict[str, Any]:
    """Make one document of Jaeger's JSON with the spans and the log records."""
    return jaeger.export(spans, logs)


def _add(found: Imported, document: Json) -> None:
    if "data" in document or "spans" in document:
        _refuse_error_answer(document)
        try:
            spans, logs, problems = from_jaeger.records_of(document)
        except RecordRefusedError as error:
            raise Malformed(_("the file is not Jaeger's JSON: %(why)s") % {"why": error}) from None
        found.logs.extend(logs)
    elif "resourceSpans" in document or "resourceLogs" in document:
        spans, problems = from_json.spans_of(document)
        logs, wrong_logs = from_json.logs_of(document)
        found.logs.extend(logs)
        problems = problems + wrong_logs
    else:
        raise Malformed(_(_NO_FILE_OF_OURS))
    found.spans.extend(spans)
    found.problems.extend(problems)


def _refuse_error_answer(document: Json) -> None:
    """Refuse what Jaeger answers when it has no such trace, which people save as well."""
    errors = document.get("errors")
    if not document.get("data", True) and isinstance(errors, list) and errors:
        first = errors[0] if isinstance(errors[0], dict) else {}
        why = first.get("msg") or first.get("code") or "?"
        raise Malformed(_("the file is an error that Jaeger answered: %(why)s") % {"why": why})


def _documents(body: bytes) -> list[Json]:
    try:
        whole = json_document(body)
    except Malformed as error:
        lines = [line for line in body.splitlines() if line.strip()]
        if len(lines) <= 1:
            raise Malformed(_("the file is not JSON: %(why)s") % {"why": error}) from None
        return [_line(number, line) for number, line in enumerate(lines, 1)]
    documents = whole if isinstance(whole, list) and whole else [whole]
    if not all(isinstance(each, dict) for each in documents):
        raise Malformed(_(_NO_FILE_OF_OURS))
    return documents


def _line(number: int, line: bytes) -> Json:
    try:
        return from_json.parse(line)
    except Malformed as error:
        raise Malformed(_("line %(number)s: %(why)s") % {"number": number, "why": error}) from None
