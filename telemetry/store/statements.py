"""The SQL of the write path: the same for SQLite and PostgreSQL, all of it in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telemetry.models import LogRow, SpanRow

if TYPE_CHECKING:
    from django.db.models import Model


def _insert(model: type[Model], *given: str) -> str:
    """Insert a row of ``model``: first what the writer gives it, then the rest of its columns."""
    others = [field.attname for field in model._meta.local_concrete_fields]
    columns = [*given, *(name for name in others if name not in given)]
    marks = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 (names of our own)


# A span that is stored already stays as it is, unless its start was stored and its end comes now,
# or the news that it will never come. An end that comes all the same still counts.
INSERT_SPAN = (
    _insert(SpanRow, "seq", "resource_id", "scope_id")
    + """
    ON CONFLICT (trace_id, span_id, service, kind) DO UPDATE SET
      seq = excluded.seq, name = excluded.name, kind = excluded.kind, end_ns = excluded.end_ns,
      status = excluded.status, state = excluded.state,
      revision = CASE telemetry_span.state WHEN 'abandoned' THEN 2 ELSE 1 END,
      request_id = excluded.request_id, order_id = excluded.order_id,
      error_kind = excluded.error_kind, data = excluded.data
    WHERE (telemetry_span.state <> 'ended' AND excluded.state = 'ended')
      OR (telemetry_span.state = 'open' AND excluded.state = 'abandoned')"""
)

INSERT_LINK = """
    INSERT INTO telemetry_link (to_trace_id, to_span_id, trace_id, span_id, service, kind)
    VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (trace_id, span_id, service, kind, to_trace_id, to_span_id) DO NOTHING"""

INSERT_LOG = (
    _insert(LogRow, "seq", "resource_id", "scope_id", "imported")
    + " ON CONFLICT (digest) DO NOTHING"
)

COUNT_SPANS = "SELECT COUNT(*), MAX(revision) FROM telemetry_span WHERE seq BETWEEN %s AND %s"
COUNT_LOGS = "SELECT COUNT(*) FROM telemetry_log WHERE seq BETWEEN %s AND %s"
STORED_SPANS = "SELECT seq, revision FROM telemetry_span WHERE seq BETWEEN %s AND %s"
STORED_LOGS = "SELECT seq FROM telemetry_log WHERE seq BETWEEN %s AND %s"

# A trace lasts as long as its spans; its log records give times to one that has no span.
# Which name a trace has: its root's, or its earliest span's until the root has come.
UPSERT_TRACE = """
    INSERT INTO telemetry_trace
      (trace_id, name, has_root, request_id, order_id, start_ns, end_ns, span_count, error_count,
       open_count, order_status, last_seq, imported)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (trace_id) DO UPDATE SET
      name = CASE
        WHEN excluded.name = '' THEN telemetry_trace.name
        WHEN telemetry_trace.name = '' THEN excluded.name
        WHEN excluded.has_root AND NOT telemetry_trace.has_root THEN excluded.name
        WHEN excluded.has_root = telemetry_trace.has_root
          AND excluded.start_ns <= telemetry_trace.start_ns THEN excluded.name
        ELSE telemetry_trace.name END,
      has_root = telemetry_trace.has_root OR excluded.has_root,
      request_id = CASE WHEN telemetry_trace.request_id = '' THEN excluded.request_id
        ELSE telemetry_trace.request_id END,
      order_id = CASE WHEN telemetry_trace.order_id = '' THEN excluded.order_id
        ELSE telemetry_trace.order_id END,
      start_ns = CASE
        WHEN telemetry_trace.span_count > 0 AND excluded.span_count = 0 AND excluded.name = ''
          THEN telemetry_trace.start_ns
        WHEN telemetry_trace.start_ns = 0
          OR (telemetry_trace.span_count = 0 AND excluded.span_count > 0) THEN excluded.start_ns
        WHEN excluded.start_ns <> 0 AND excluded.start_ns < telemetry_trace.start_ns
          THEN excluded.start_ns
        ELSE telemetry_trace.start_ns END,
      end_ns = CASE
        WHEN telemetry_trace.span_count > 0 AND excluded.span_count = 0 AND excluded.name = ''
          THEN telemetry_trace.end_ns
        WHEN excluded.end_ns > telemetry_trace.end_ns
          OR (telemetry_trace.span_count = 0 AND excluded.span_count > 0) THEN excluded.end_ns
        ELSE telemetry_trace.end_ns END,
      span_count = telemetry_trace.span_count + excluded.span_count,
      error_count = telemetry_trace.error_count + excluded.error_count,
      open_count = telemetry_trace.open_count + excluded.open_count,
      order_status = CASE
        WHEN excluded.order_status IN ('CONFIRMED', 'REJECTED', 'CANCELLED')
          THEN excluded.order_status
        WHEN telemetry_trace.order_status = '' THEN excluded.order_status
        ELSE telemetry_trace.order_status END,
      last_seq = excluded.last_seq,
      imported = telemetry_trace.imported OR excluded.imported"""

UPSERT_SERVICE = """
    INSERT INTO telemetry_trace_service (trace_id, service, error_kind, span_count, error_count)
    VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (trace_id, service, error_kind) DO UPDATE SET
      span_count = telemetry_trace_service.span_count + excluded.span_count,
      error_count = telemetry_trace_service.error_count + excluded.error_count"""
