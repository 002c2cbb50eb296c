"""Deno has OpenTelemetry for Rust built in: what it sends arrives whole, protobuf and JSON."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.waiting import eventually

if TYPE_CHECKING:
    from tests.support.processes import LabProcesses

DENO = shutil.which("deno", path=f"{Path(sys.executable).parent}{os.pathsep}{os.defpath}")
SCRIPT = Path(__file__).resolve().parent / "with_deno.mjs"

pytestmark = [
    pytest.mark.flow,
    pytest.mark.timeout(120),
    pytest.mark.skipif(DENO is None, reason="deno is needed, as in requirements-dev.txt"),
]


@pytest.mark.parametrize("encoding", ["protobuf", "json"])
def test_a_trace_and_its_log_arrive_whole(lab: LabProcesses, encoding: str) -> None:
    service = f"deno-{secrets.token_hex(8)}"
    done = subprocess.run(
        [str(DENO), "run", "--no-config", "--allow-net", "--allow-env", str(SCRIPT)],
        env={
            **os.environ,
            "OTEL_DENO": "true",
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{lab.ports['OTLP']}",
            "OTEL_EXPORTER_OTLP_PROTOCOL": f"http/{encoding}",
            "OTEL_SERVICE_NAME": service,
            "OTEL_RESOURCE_ATTRIBUTES": "marker=日本",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    trace = the_trace_of(lab, service)
    outer, inner = (
        next(span for span in trace["spans"] if span["name"] == name) for name in ("outer", "inner")
    )
    assert outer["resource"]["marker"] == "日本"
    assert outer["resource"]["telemetry.sdk.language"] == "deno-rust"
    assert outer["kind"] == "SERVER"
    assert outer["status"] == {"code": "ERROR", "message": "it broke"}
    assert outer["scope"]["name"] == "a library"
    assert outer["scope"]["version"] == "1.2"
    assert outer["attributes"] == {
        "text": "日本",
        "number": 5,
        "share": 0.5,
        "flag": True,
        "list": ["a", "b"],
        "shares": [0.5, 1.5],
    }
    (event,) = outer["events"]
    assert (event["name"], event["attributes"]) == ("happened", {"count": 3})
    assert int(outer["startTimeUnixNano"]) <= int(event["timeUnixNano"])
    assert int(event["timeUnixNano"]) <= int(outer["endTimeUnixNano"])
    assert inner["parentSpanId"] == outer["spanId"]
    assert inner["links"][0]["spanId"] == outer["spanId"]
    (log,) = trace["logs"]
    assert (log["msg"], log["level"], log["service"]) == ("hello\n", "WARN", service)
    assert log["spanId"] == outer["spanId"]


def the_trace_of(lab: LabProcesses, service: str) -> dict[str, Any]:
    """Wait until the one trace of ``service`` is there with all that belongs to it."""
    found: dict[str, Any] = {}

    def is_whole() -> bool:
        for summary in lab.get("/api/traces", service=service)["traces"]:
            found.update(lab.get(f"/api/traces/{summary['traceId']}"))
        return len(found.get("spans", ())) == 2 and len(found["logs"]) == 1

    eventually(is_whole)
    return found
