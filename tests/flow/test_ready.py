"""Every process answers ``/healthz`` and ``/readyz``; a lab at rest has no problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.processes import LabProcesses

pytestmark = pytest.mark.flow


@pytest.mark.parametrize(
    ("port", "service"),
    [
        ("OBSERVER", "observer"),
        ("API", "api"),
        ("WORKER", "worker"),
        ("TOXIPROXY", "network"),
        ("CONTROL", "supervisor"),
    ],
)
def test_a_process_that_can_do_its_work_is_ready(
    lab: LabProcesses, port: str, service: str
) -> None:
    for path in ("healthz", "readyz"):
        answer = lab.session.get(f"http://127.0.0.1:{lab.ports[port]}/{path}", timeout=10)
        body = answer.json()
        assert (answer.status_code, body["ok"], body["service"]) == (200, True, service)


def test_the_observer_lists_the_problems_and_there_are_none(lab: LabProcesses) -> None:
    # Other tests send what is refused, which is listed for some minutes.
    problems = lab.get("/api/problems")["problems"]
    assert [each for each in problems if not each["code"].startswith("otlp_")] == []
