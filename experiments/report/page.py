"""A run as one HTML file: what was expected, what happened, and what the records prove. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from experiments.report.chart import chart
from experiments.report.document import document, started, took
from experiments.report.orders import orders
from experiments.report.requests import request
from experiments.report.steps import phases
from experiments.report.verdict import verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.report.record import RunRecord


def page(runs: Sequence[RunRecord]) -> str:
    """Report one run, or several one after the other, in a file that needs nothing else."""
    context = {
        "runs": [_run(record) for record in runs],
        "several": len(runs) != 1,
        "passed": sum(record.state["status"] == "passed" for record in runs),
    }
    return document("runs", context)


def _run(record: RunRecord) -> dict[str, Any]:
    state = record.state
    return {
        "state": state,
        "description": record.description,
        "tags": record.tags,
        "reason": record.reason,
        "started": started(state),
        "took": took(state),
        "phases": phases(state),
        "chart": chart(record.history, record.statuses, state["windows"]),
        "hatch": f"hatch-{state['runId']}",
        "verdict": verdict(record.gathered.get("verdict")),
        "requests": [request(trace) for trace in record.traces],
        "orders": orders(record.history, record.final),
    }
