"""Nothing that a caller sends writes a trace into the log of the observer or of a service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.service_process import ServiceProcess

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.timeout(90)
@pytest.mark.parametrize("service", ["observer", "api"])
def test_too_many_parameters_are_refused_in_json_without_a_trace(
    tmp_path: Path, service: str
) -> None:
    path = {"observer": "/api/traces", "api": "/orders"}[service]
    with ServiceProcess(service, tmp_path) as process:
        answer = process.call("GET", path + "?" + "a=1&" * 1_500)
        assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/json")
        assert "error" in answer.json()
        assert "Traceback" not in process.log
