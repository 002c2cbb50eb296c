"""A sender that gives up while the telemetry's database is locked harms nobody."""

from __future__ import annotations

import secrets
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
import requests
from websockets.sync.client import connect

from tests.support.service_process import ServiceProcess

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.long, pytest.mark.timeout(120)]


def body(name: str) -> dict[str, Any]:
    now = time.time_ns()
    span = {"traceId": secrets.token_hex(16), "spanId": secrets.token_hex(8), "name": name}
    span |= {"startTimeUnixNano": str(now), "endTimeUnixNano": str(now)}
    return {"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}


def test_others_are_stored_and_an_open_page_goes_on(tmp_path: Path) -> None:
    with (
        ServiceProcess("observer", tmp_path) as observer,
        connect(f"ws://127.0.0.1:{observer.port}/ws/live", max_size=None) as page,
    ):
        path = tmp_path / "telemetry.sqlite3"
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            for number in range(3):
                with pytest.raises(requests.ReadTimeout):
                    requests.post(
                        f"{observer.url}/v1/traces", json=body(f"gone {number}"), timeout=0.5
                    )
            other.execute("ROLLBACK")
        assert observer.call("POST", "/v1/traces", json=body("after")).json() == {}
        while "after" not in page.recv(timeout=15):
            pass
        assert observer.call("POST", "/api/import", json=body("imported")).status_code == 201
        assert observer.call("GET", "/api/logs").ok
        assert observer.call("GET", "/readyz").ok
        assert "Traceback" not in observer.log
