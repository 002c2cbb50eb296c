"""Spans a second from OTLP to disk, and what that costs the orders beside it.

``python -m benchmarks.otlp_in [--seconds 8] [--rounds 3] [--clients 1,16]
[--only steps|intake|orders] [--grpc]``

First, what a span costs in computing on its way to the thread that writes, step by step: decoding a
body, judging its records and making their rows, which a process of its own does for large ones,
and handing these rows over.

Then the lab's observer takes in protobuf batches of 512 spans with 8 attributes each from processes
of their own, and acknowledges each once it is committed; with ``--grpc`` over OTLP/gRPC, else over
HTTP. Beside it stands what the machine gives at most, in one process, without a server and without
a line of the lab's: protobuf's own decoder, a tuple for each span with its attributes as JSON, and
`sqlite3` into a table with the same columns and indexes, as durable. Both are measured
alternately, since a machine's speed varies.

Then orders are placed without telemetry of others, beside a moderate flow of it, and beside as much
as the observer takes, again alternately.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import pickle
import sqlite3
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from benchmarks import orders
from benchmarks.otlp_load import ATTRIBUTES, SPANS, Batches, Flow, flowing
from telemetry.otlp import from_protobuf, to_json
from telemetry.otlp.decoding import bodies
from tests.support.processes import LabProcesses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from multiprocessing.connection import Connection

    from benchmarks.http_load import Load

MODERATE_PER_SECOND = 5_000
_WARM_SECONDS = 2.0
_STEP_BATCHES = 40
_COLUMNS = (
    *("seq", "trace_id", "span_id", "parent_span_id", "name", "kind", "service", "instance"),
    *("start_ns", "end_ns", "status", "state", "revision", "request_id", "order_id", "error_kind"),
    *("resource_id", "scope_id", "data"),
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=8, help="for each figure")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", default="1,16")
    parser.add_argument("--only", choices=["steps", "intake", "orders"])
    parser.add_argument("--grpc", action="store_true", help="OTLP/gRPC instead of OTLP/HTTP")
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores; batches of {SPANS} spans, {ATTRIBUTES} attributes a span")
    if options.only in (None, "steps"):
        steps(options.rounds)
    if options.only in (None, "intake"):
        intake(options.rounds, options.seconds, over_grpc=options.grpc)
    if options.only in (None, "orders"):
        beside_orders(
            [int(each) for each in options.clients.split(",")],
            options.rounds,
            options.seconds,
            over_grpc=options.grpc,
        )


def steps(rounds: int) -> None:
    """Print the computing of each step in µs a span, the least of some rounds."""
    batches = Batches()
    packed = [batches.next() for _ in range(_STEP_BATCHES)]
    as_json = [orjson.dumps(to_json.traces(from_protobuf.spans(body)[0])) for body in packed]
    decoded = [bodies.spans(as_json=False, body=body) for body in packed]
    handed = [pickle.dumps(each, pickle.HIGHEST_PROTOCOL) for each in decoded]
    for label, step, given in (
        ("protobuf: its library alone", ExportTraceServiceRequest.FromString, packed),
        ("protobuf: to rows", lambda body: bodies.spans(as_json=False, body=body), packed),
        ("JSON: its library alone", orjson.loads, as_json),
        ("JSON: to rows", lambda body: bodies.spans(as_json=True, body=body), as_json),
        ("rows: handed over", lambda each: pickle.dumps(each, pickle.HIGHEST_PROTOCOL), decoded),
        ("rows: received", pickle.loads, handed),
    ):
        least = min(_computing(step, given) for _ in range(rounds))
        print(f"{label:<36}{least / (_STEP_BATCHES * SPANS) * 1e6:>8.2f} µs a span")


def _computing(step: Callable[[Any], object], given: Iterable[Any]) -> float:
    began = time.process_time()
    for each in given:
        step(each)
    return time.process_time() - began


def intake(rounds: int, seconds: float, *, over_grpc: bool) -> None:
    """Print the limit and what the observer takes, alternately, and the medians."""
    bare, served = [], []
    with tempfile.TemporaryDirectory() as directory, LabProcesses(Path(directory)) as lab:
        for _ in range(rounds):
            bare.append(at_most(Path(directory), seconds))
            served.append(through_the_observer(lab, seconds, over_grpc=over_grpc))
    for label, figures in (
        ("bare: decode, tuples, executemany", bare),
        ("through the observer, acknowledged", served),
    ):
        listed = " ".join(f"{each:>7.0f}" for each in figures)
        print(f"{label:<36}{statistics.median(figures):>8.0f} spans/s, median of {listed}")
    share = statistics.median(served) / statistics.median(bare)
    print(f"the observer takes {share:.0%} of the bare limit  (aim 80%)")


def at_most(directory: Path, seconds: float) -> float:
    """Spans a second of the bare work, in a process of its own."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_at_most, args=(sender, directory, seconds))
    process.start()
    sender.close()
    found: float = receiver.recv()
    process.join()
    return found


def through_the_observer(lab: LabProcesses, seconds: float, *, over_grpc: bool) -> float:
    """Spans a second that the observer acknowledges."""
    before = lab.get("/api/telemetry")
    with flowing(_traces_url(lab, over_grpc=over_grpc), per_second=None) as flow:
        time.sleep(seconds)
    after = lab.get("/api/telemetry")
    stored = (
        after["spans"]
        + after["removedByRetention"]
        - before["spans"]
        - before["removedByRetention"]
    )
    assert stored >= flow.spans, f"{stored} stored of {flow.spans} acknowledged"
    return flow.per_second


def beside_orders(clients: list[int], rounds: int, seconds: float, *, over_grpc: bool) -> None:
    """Print how orders fare without and with telemetry that flows in beside them."""
    flows = {"none": 0.0, f"{MODERATE_PER_SECOND}/s": float(MODERATE_PER_SECOND), "flood": None}
    print(f"\n{'spans beside':<14}{'clients':>8}{'orders/s':>10}{'p50 ms':>9}{'p95 ms':>9}  taken")
    with tempfile.TemporaryDirectory() as directory, LabProcesses(Path(directory)) as lab:
        url = f"{lab.client_url}/orders"
        traces_url = _traces_url(lab, over_grpc=over_grpc)
        orders.load(url, clients=16, seconds=_WARM_SECONDS)
        for count in clients:
            found: dict[str, list[tuple[Load, Flow]]] = {name: [] for name in flows}
            for _ in range(rounds):
                for name, rate in flows.items():
                    found[name].append(_placed(lab, count, traces_url, seconds=seconds, rate=rate))
            for name, measured in found.items():
                _print_row(name, count, measured)
        orders.check(lab)


def _placed(
    lab: LabProcesses, clients: int, traces_url: str, *, seconds: float, rate: float | None
) -> tuple[Load, Flow]:
    with ExitStack() as stack:
        flow = Flow()
        if rate is None or rate:
            flow = stack.enter_context(flowing(traces_url, per_second=rate))
        taken = orders.load(f"{lab.client_url}/orders", clients=clients, seconds=seconds)
    return taken, flow


def _print_row(name: str, clients: int, measured: list[tuple[Load, Flow]]) -> None:
    rate = statistics.median(load.per_second for load, _ in measured)
    p50 = statistics.median(load.percentile(0.5) for load, _ in measured)
    p95 = statistics.median(load.percentile(0.95) for load, _ in measured)
    spans = statistics.median(flow.per_second for _, flow in measured)
    failed = sum(load.failed for load, _ in measured)
    print(
        f"{name:<14}{clients:>8}{rate:>10.0f}{p50:>9.1f}{p95:>9.1f}{spans:>8.0f} spans/s"
        + (f"  {failed} failed" if failed else ""),
        flush=True,
    )


def _traces_url(lab: LabProcesses, *, over_grpc: bool) -> str:
    if over_grpc:
        return f"grpc://127.0.0.1:{lab.ports['OTLP_GRPC']}"
    return f"http://127.0.0.1:{lab.ports['OBSERVER']}/v1/traces"


def _at_most(sender: Connection, directory: Path, seconds: float) -> None:
    connection = _bare_database(directory)
    marks = ", ".join(["?"] * len(_COLUMNS))
    insert = f"INSERT INTO telemetry_span ({', '.join(_COLUMNS)}) VALUES ({marks})"  # noqa: S608 (own names)
    (last,) = connection.execute("SELECT COALESCE(MAX(seq), 0) FROM telemetry_span").fetchone()
    batches = Batches()
    done, seq, taken = 0, last + 1, 0.0
    while taken < seconds:
        packed = batches.next()
        began = time.monotonic()
        rows = _bare_rows(packed, seq)
        with connection:
            connection.executemany(insert, rows)
        taken += time.monotonic() - began
        seq += SPANS
        done += 1
    connection.close()
    sender.send(done * SPANS / taken)


def _bare_database(directory: Path) -> sqlite3.Connection:
    """Open a database with the tables and indexes of the lab's, as durable; it grows as theirs."""
    path = directory / "bare.sqlite3"
    known = path.exists()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    if known:
        return connection
    lab = sqlite3.connect(f"file:{directory}/var/telemetry.sqlite3?mode=ro", uri=True)
    for (made,) in lab.execute(
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'telemetry_span' AND sql IS NOT NULL"
    ):
        connection.execute(made)
    lab.close()
    return connection


def _bare_rows(packed: bytes, seq: int) -> list[tuple[object, ...]]:
    request = ExportTraceServiceRequest.FromString(packed)
    rows: list[tuple[object, ...]] = []
    for of_resource in request.resource_spans:
        service = of_resource.resource.attributes[0].value.string_value
        for of_scope in of_resource.scope_spans:
            for span in of_scope.spans:
                attributes = {pair.key: pair.value.string_value for pair in span.attributes}
                rows.append(
                    (
                        *(seq + len(rows), span.trace_id.hex(), span.span_id.hex()),
                        *(span.parent_span_id.hex(), span.name, "SERVER", service, ""),
                        *(span.start_time_unix_nano, span.end_time_unix_nano, "UNSET", "ended"),
                        *(0, "", "", "", 1, 2, orjson.dumps(attributes).decode()),
                    )
                )
    return rows


if __name__ == "__main__":
    main()
