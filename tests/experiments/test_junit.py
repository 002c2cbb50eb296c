"""A JUnit report has a suite for each run, a case for each step, and says what went otherwise."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from experiments import controls
from experiments.report.junit import junit, of_journal, of_state

OBSERVED = {"expected": "200", "actual": "502", "ok": False}


def state(status: str, *steps: tuple[str, str, str], **more: Any) -> dict[str, Any]:
    return {
        "name": "cut",
        "title": "A cut",
        "status": status,
        "reason": "",
        "startedAt": "2026-01-01T00:00:00.000Z",
        "steps": [
            {"kind": kind, "name": name, "status": how, "text": "why"} for kind, name, how in steps
        ],
        "observed": [],
        **more,
    }


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 (written here)


def cases(text: str) -> list[tuple[str | None, str | None, str, str]]:
    return [
        (
            case.get("classname"),
            case.get("name"),
            outcome.tag if (outcome := next(iter(case), None)) is not None else "",
            outcome.get("message", "") if outcome is not None else "",
        )
        for case in parsed(text).iter("testcase")
    ]


def test_a_run_is_a_suite_and_each_step_a_case() -> None:
    steps = (
        ("hypothesis", "it works", "succeeded"),
        ("action", "cut", "failed"),
        ("probe", "the answer", "deviated"),
        ("rollback", "heal", "succeeded"),
    )
    text = junit(
        [of_state(state("deviated", *steps, observed=[{"name": "the answer", **OBSERVED}]))]
    )
    assert cases(text) == [
        ("cut.before", "it works", "", ""),
        ("cut.method", "cut", "error", "why"),
        ("cut.method", "the answer", "failure", "expected 200, observed 502"),
        ("cut.rollbacks", "heal", "", ""),
    ]
    [suite] = parsed(text)
    counts = [suite.get(each) for each in ("tests", "failures", "errors", "skipped")]
    assert counts == ["4", "1", "1", "0"]


def test_a_run_that_did_not_pass_has_a_case_that_says_so_in_any_event() -> None:
    stopped = state("aborted", ("action", "cut", "succeeded"), reason="stopped")
    assert cases(junit([of_state(stopped)]))[-1] == (
        "cut.run",
        "A cut",
        "error",
        "aborted: stopped",
    )
    skipped = state("skipped", ("hypothesis", "allowed", "failed"), reason="not here")
    assert cases(junit([of_state(skipped)])) == [
        ("cut.run", "A cut", "skipped", "skipped: not here")
    ]


def test_what_xml_can_not_have_is_replaced() -> None:
    text = junit([of_state(state("passed", ("action", "cut \x00 < \ud800", "succeeded")))])
    assert cases(text)[0][1] == "cut \ufffd < \ufffd"


def journal(*run: dict[str, Any], status: str = "completed") -> dict[str, Any]:
    before = {"probes": [{**activity("steady", False), "tolerance_met": False}]}
    return {
        "status": status,
        "deviated": False,
        "start": "2026-01-01T00:00:00+00:00",
        "steady_states": {"before": before, "after": None},
        "run": list(run),
        "rollbacks": None,
    }


def activity(name: str, output: Any, **more: Any) -> dict[str, Any]:
    return {"activity": {"name": name}, "status": "succeeded", "output": output, **more}


def test_the_journal_of_the_stock_command_is_read_as_well() -> None:
    broken = activity("cut", None, status="failed", exception=["…", "ActivityFailed: no link\n"])
    text = junit([of_journal("A cut", journal(broken, activity("the answer", OBSERVED)))])
    assert cases(text) == [
        ("A cut.before", "steady", "failure", "it is False"),
        ("A cut.method", "cut", "error", "ActivityFailed: no link"),
        ("A cut.method", "the answer", "failure", "expected 200, observed 502"),
    ]
    interrupted = {
        **journal(status="interrupted"),
        "steady_states": {"before": None, "after": None},
    }
    assert cases(junit([of_journal("A cut", interrupted)])) == [
        ("A cut.run", "A cut", "error", "interrupted")
    ]


@pytest.mark.parametrize(
    ("run", "deviated"),
    [
        (activity("the answer", OBSERVED), True),
        (activity("the answer", {**OBSERVED, "ok": True}), False),
        (activity("cut", {"id": "1"}), False),
        (activity("cut", None, status="failed"), True),
    ],
    ids=["not-as-expected", "as-expected", "action", "failed"],
)
def test_an_observation_that_is_not_as_expected_makes_the_stock_command_deviate(
    run: dict[str, Any],
    deviated: bool,
) -> None:
    kept = journal(run)
    controls.after_experiment_control({"title": "A cut"}, state=kept)
    assert kept["deviated"] is deviated
