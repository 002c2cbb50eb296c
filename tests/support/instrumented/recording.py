"""Real runs kept as files: what the applications sent, and what really happened.

``python -m tests.support.instrumented.recording python node`` records anew what
``tests/evidence/real/recorded`` holds, with the lab's links and without the rest of the lab.
``OTEL_JAVA_AGENT=opentelemetry-javaagent.jar python -m tests.support.instrumented.recording java``
does it with Java's agent; where there is none it says so. What was recorded is judged by
``tests/evidence/real``.
"""

from __future__ import annotations

import base64
import gzip
import json
import subprocess
import sys
import threading
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from base.client import answers
from telemetry.otlp import from_protobuf
from tests.support.instrumented.ecosystems import NotHereError, ecosystem
from tests.support.instrumented.pair import Called, Pair
from tests.support.instrumented.scenarios import SCENARIOS
from tests.support.ports import free_ports
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telemetry.records import Span

ROOT = Path(__file__).resolve().parent.parent.parent
RECORDED = ROOT / "evidence" / "real" / "recorded"
CONVENTIONS = {"old": "", "new": "http,rpc"}


@dataclass(frozen=True)
class Recording:
    """The calls of one client, each with the spans of its trace."""

    calls: dict[str, Called]
    spans: dict[str, list[Span]]


def recorded(name: str) -> Recording:
    """Read what was recorded under a name such as ``python-new``, by client and scenario."""
    kept = json.loads(gzip.decompress((RECORDED / f"{name}.json.gz").read_bytes()))
    spans: dict[str, list[Span]] = defaultdict(list)
    for body in kept["sent"]:
        found, problems = from_protobuf.spans(base64.b64decode(body))
        assert problems == []
        for span in found:
            spans[span.trace_id].append(span)
    calls = {by: [Called(**each) for each in listed] for by, listed in kept["calls"].items()}
    return Recording(
        {f"{by} · {call.scenario}": call for by, listed in calls.items() for call in listed},
        spans,
    )


def record(name: str, conventions: str) -> None:
    """Run an ecosystem's applications through all scenarios, and keep what they sent."""
    with TemporaryDirectory() as directory, _links() as links, _receiver() as (endpoint, sent):
        own = ecosystem(name)
        pair = Pair(
            own,
            Path(directory),
            links=links,
            telemetry=endpoint,
            conventions=CONVENTIONS[conventions],
        )
        with pair:
            calls = {by: pair.call_all(SCENARIOS, by=by) for by in own.clients}
    traces = {call.trace_id for listed in calls.values() for call in listed}
    kept = {
        "calls": {by: [asdict(call) for call in listed] for by, listed in calls.items()},
        "sent": [base64.b64encode(body).decode() for body in sent if _holds(body, traces)],
    }
    RECORDED.mkdir(parents=True, exist_ok=True)
    packed = gzip.compress(json.dumps(kept).encode(), mtime=0)
    (RECORDED / f"{name}-{conventions}.json.gz").write_bytes(packed)


def _holds(body: bytes, traces: set[str]) -> bool:
    return any(span.trace_id in traces for span in from_protobuf.spans(body)[0])


@contextmanager
def _links() -> Iterator[str]:
    """The lab's links alone; yields the address of their API."""
    [port] = free_ports(1)
    command = [sys.executable, "-m", "network", "--listen-control", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, cwd=ROOT.parent, stdout=subprocess.DEVNULL)
    try:
        eventually(lambda: answers(f"http://127.0.0.1:{port}/readyz"))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def _receiver() -> Iterator[tuple[str, list[bytes]]]:
    """Somebody who takes OTLP/HTTP and keeps it as it came."""
    sent: list[bytes] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = b"".join(self._parts())
            is_packed = self.headers.get("Content-Encoding") == "gzip"
            sent.append(gzip.decompress(body) if is_packed else body)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _parts(self) -> Iterator[bytes]:
            if self.headers["Transfer-Encoding"] != "chunked":
                yield self.rfile.read(int(self.headers["Content-Length"]))
                return
            while size := int(self.rfile.readline(), 16):
                yield self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", sent
        server.shutdown()
        thread.join()


if __name__ == "__main__":
    for each in sys.argv[1:]:
        try:
            ecosystem(each)
        except NotHereError as reason:
            sys.exit(f"NOT RUN: {reason}")
        for which in CONVENTIONS:
            record(each, which)
