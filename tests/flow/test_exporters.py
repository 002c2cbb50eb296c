"""What OpenTelemetry's environment variables turn off, the services do not send."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.processes import LabProcesses
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.flow, pytest.mark.long, pytest.mark.timeout(90)]


@pytest.mark.parametrize(
    ("environ", "has_spans", "has_logs"),
    [
        ({"OTEL_TRACES_EXPORTER": "none"}, False, True),
        ({"OTEL_LOGS_EXPORTER": "none"}, True, False),
        ({"OTEL_TRACES_SAMPLER": "always_off"}, False, True),
        ({"OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "1.0"}, True, True),
    ],
    ids=str,
)
def test_an_order_leaves_what_is_on(
    tmp_path: Path,
    environ: dict[str, str],
    has_spans: bool,
    has_logs: bool,
) -> None:
    with LabProcesses(tmp_path, **environ) as lab:
        placed = lab.place_order().json()
        assert placed["status"] == "CONFIRMED"

        def services(records: list[dict[str, str]]) -> set[str]:
            return {each["service"] for each in records} & {"api", "worker"}

        def sent() -> tuple[set[str], set[str]]:
            spans = lab.trace_of(placed["orderId"]).get("spans", [])
            return services(spans), services(lab.logs_of(placed["requestId"]))

        both = {"api", "worker"}
        eventually(lambda: sent() == (both if has_spans else set(), both if has_logs else set()))
