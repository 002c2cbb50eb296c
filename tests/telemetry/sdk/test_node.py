"""OpenTelemetry's SDK for Node sends traces and logs that arrive whole, in protobuf and in JSON."""

from __future__ import annotations

import secrets
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.waiting import eventually

if TYPE_CHECKING:
    from tests.support.processes import LabProcesses

pytestmark = [
    pytest.mark.flow,
    pytest.mark.timeout(180),
    pytest.mark.skipif(not shutil.which("npm"), reason="npm is needed to install the SDK"),
]

SCRIPT = Path(__file__).resolve().parent / "with_node.mjs"
PACKAGES = [
    "@opentelemetry/api@1",
    "@opentelemetry/resources@2",
    "@opentelemetry/sdk-trace-node@2",
    "@opentelemetry/sdk-logs",
    "@opentelemetry/exporter-trace-otlp-http",
    "@opentelemetry/exporter-trace-otlp-proto",
    "@opentelemetry/exporter-logs-otlp-http",
    "@opentelemetry/exporter-logs-otlp-proto",
]


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SDK, installed for this test alone."""
    directory = tmp_path_factory.mktemp("node")
    npm = shutil.which("npm")
    assert npm is not None
    done = subprocess.run(
        [npm, "install", "--no-audit", "--no-fund", "--prefix", str(directory), *PACKAGES],
        capture_output=True,
        text=True,
        check=False,
        timeout=150,
    )
    if done.returncode:
        pytest.skip(f"the SDK could not be installed: {done.stderr.strip()[-200:]}")
    return directory


@pytest.mark.long
def test_traces_and_logs_arrive_whole(lab: LabProcesses, modules: Path) -> None:
    marker = secrets.token_hex(8)
    done = subprocess.run(
        ["node", str(SCRIPT), f"http://127.0.0.1:{lab.ports['OTLP']}", str(modules), marker],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    for service in ("node-http", "node-proto"):

        def logged(of: str = service) -> bool:
            logs = lab.get("/api/logs", requestId=marker, service=of)["logs"]
            return [(log["msg"], log["level"]) for log in logs] == [("hello", "WARN")]

        eventually(logged)
        log = lab.get("/api/logs", requestId=marker, service=service)["logs"][0]
        spans = {span["name"]: span for span in lab.get(f"/api/traces/{log['traceId']}")["spans"]}
        outer, inner = spans["outer"], spans["inner"]
        assert outer["service"] == service
        assert outer["kind"] == "SERVER"
        assert outer["status"] == {"code": "ERROR", "message": "it broke"}
        assert outer["attributes"] == {
            "text": "日本",
            "number": 5,
            "share": 0.5,
            "flag": True,
            "list": ["a", "b"],
        }
        assert [event["name"] for event in outer["events"]] == ["happened"]
        assert outer["scope"]["name"] == "a library"
        assert outer["scope"]["version"] == "1.2"
        assert outer["resource"]["marker"] == marker
        assert inner["parentSpanId"] == outer["spanId"] == log["spanId"]
        assert inner["links"][0]["spanId"] == outer["spanId"]
        assert int(outer["endTimeUnixNano"]) >= int(outer["startTimeUnixNano"])
