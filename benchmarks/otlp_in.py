"""Spans a second, from OTLP to disk: ``python -m benchmarks.otlp_in [--seconds 8]``.

The lab's observer takes in protobuf batches of 512 spans with 8 attributes each from processes of
their own, and acknowledges each once it is committed. Beside it stands what the machine gives at
most, in one process and without a server: decoding the same batches, building rows, and
``executemany`` into the same tables in SQLite.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import secrets
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import requests
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.support.processes import LabProcesses

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

SPANS = 512
ATTRIBUTES = 8
SPANS_A_TRACE = 16
SENDERS = 2
_BATCHES = 64


def main() -> None:
    """Run both and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=8)
    asked = parser.parse_args()
    print(f"{os.cpu_count()} cores; batches of {SPANS} spans, {ATTRIBUTES} attributes a span")
    limit = at_most(asked.seconds)
    print(f"decode, build rows, executemany, in one process  {limit:>8.0f} spans/s")
    served = through_the_observer(asked.seconds)
    share = served / limit
    print(f"through the observer, acknowledged when stored   {served:>8.0f} spans/s  {share:.0%}")


def batch() -> bytes:
    """Pack one batch as an SDK does."""
    message = ExportTraceServiceRequest()
    resource = message.resource_spans.add()
    name = resource.resource.attributes.add()
    name.key, name.value.string_value = "service.name", "benchmark"
    scope = resource.scope_spans.add()
    now = time.time_ns()
    for number in range(SPANS):
        if number % SPANS_A_TRACE == 0:
            trace_id = secrets.token_bytes(16)
        span = scope.spans.add()
        span.trace_id, span.span_id = trace_id, secrets.token_bytes(8)
        span.name, span.kind = f"operation {number % 10}", Span.SPAN_KIND_SERVER
        span.start_time_unix_nano, span.end_time_unix_nano = now, now + 1_000_000
        for attribute in range(ATTRIBUTES):
            pair = span.attributes.add()
            pair.key, pair.value.string_value = f"attribute.{attribute}", f"value {number}"
    packed: bytes = message.SerializeToString()
    return packed


def at_most(seconds: float) -> float:
    """Spans a second of the same work without a server, in a process of its own."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_at_most, args=(sender, seconds))
    process.start()
    sender.close()
    found: float = receiver.recv()
    process.join()
    return found


def through_the_observer(seconds: float) -> float:
    """Spans a second that the observer acknowledges."""
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as directory, LabProcesses(Path(directory)) as lab:
        pipes = []
        for _ in range(SENDERS):
            receiver, sender = context.Pipe(duplex=False)
            url = f"{lab.observer_url.replace('localhost', '127.0.0.1')}/v1/traces"
            context.Process(target=_send, args=(sender, url, seconds)).start()
            sender.close()
            pipes.append(receiver)
        sent: list[tuple[int, float]] = [receiver.recv() for receiver in pipes]
        stored = lab.get("/api/telemetry")["spans"]
        acknowledged = sum(batches for batches, _ in sent) * SPANS
        assert stored >= acknowledged, f"{stored} stored of {acknowledged} acknowledged"
        return sum(batches * SPANS / taken for batches, taken in sent)


def _send(sender: Connection, url: str, seconds: float) -> None:
    batches = [batch() for _ in range(_BATCHES)]
    session = requests.Session()
    headers = {"Content-Type": "application/x-protobuf"}
    began = time.monotonic()
    sent = 0
    while time.monotonic() - began < seconds:
        if sent and sent % _BATCHES == 0:
            # Making new ones is no part of what is measured.
            paused = time.monotonic()
            batches = [batch() for _ in range(_BATCHES)]
            began += time.monotonic() - paused
        answer = session.post(url, data=batches[sent % _BATCHES], headers=headers, timeout=60)
        answer.raise_for_status()
        sent += 1
    sender.send((sent, time.monotonic() - began))


def _at_most(sender: Connection, seconds: float) -> None:
    with tempfile.TemporaryDirectory() as directory:
        os.environ.update(
            LAB_VAR_DIR=directory,
            LAB_SERVICE="observer",
            DJANGO_SETTINGS_MODULE="labsite.settings.observer",
        )
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection, transaction

        from telemetry import statements
        from telemetry.otlp import from_protobuf
        from telemetry.rows import span_row
        from telemetry.store import Writer

        call_command("migrate", verbosity=0)
        interner = Writer()
        batches = [batch() for _ in range(_BATCHES)]
        taken = 0.0
        done = 0
        seq = 1
        while taken < seconds:
            if done and done % _BATCHES == 0:
                batches = [batch() for _ in range(_BATCHES)]
            began = time.monotonic()
            spans, _ = from_protobuf.spans(batches[done % _BATCHES])
            rows = [span_row(span, seq=seq + n, interner=interner) for n, span in enumerate(spans)]
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.executemany(statements.INSERT_SPAN, rows)
            taken += time.monotonic() - began
            seq += len(rows)
            done += 1
        sender.send(done * SPANS / taken)


if __name__ == "__main__":
    main()
