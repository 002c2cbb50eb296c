"""The same calls made anew: two applications, the lab's links between them, the running lab."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from telemetry.otlp import from_json
from tests.evidence.real.said import check
from tests.support.instrumented.ecosystems import NotHereError, ecosystem
from tests.support.instrumented.pair import Pair
from tests.support.instrumented.scenarios import SCENARIOS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.flow, pytest.mark.long, pytest.mark.timeout(400)]


@pytest.mark.parametrize("conventions", ["", "http,rpc"], ids=["old", "new"])
@pytest.mark.parametrize("name", ["python", "node", "java"])
def test_what_is_said_of_calls_of_real_applications_is_right_from_each_side(
    lab: LabProcesses, tmp_path: Path, name: str, conventions: str
) -> None:
    try:
        own = ecosystem(name)
    except NotHereError as reason:
        pytest.skip(str(reason))
    telemetry = f"http://127.0.0.1:{lab.ports['OTLP']}"
    with Pair(
        own, tmp_path, links=lab.toxiproxy_url, telemetry=telemetry, conventions=conventions
    ) as pair:
        calls = [(by, call) for by in own.clients for call in pair.call_all(SCENARIOS, by=by)]
    for by, call in calls:
        sent = lab.get(f"/api/traces/{call.trace_id}", format="otlp")
        spans, problems = from_json.spans_of(sent)
        assert problems == []
        check(by, call, spans)
