"""A run that was kept in English is reported in Japanese without a sentence left in English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.utils.translation import override

from base.message import Message
from evidence.evaluation import evidence_of
from experiments import catalogue
from experiments.checker.check import ANOMALIES, check
from experiments.checker.history import Operation
from experiments.matrix.report import matrix_page
from experiments.matrix.spec import COLUMNS, ROWS, MatrixSpec, new_state
from experiments.observing import observation, records
from experiments.report.page import page
from experiments.report.record import RunRecord
from experiments.texts import plain
from experiments.wording import run_json
from faults import kinds
from faults.fault import Fault
from faults.serializers import as_json
from tests.evidence import build
from tests.experiments.japanese import english_texts
from tests.experiments.test_nemesis import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from experiments.observing.observation import Observation

LOG_LINE = "failed to deliver job to worker, errorKind read_timeout"
AT = "2026-01-01T00:00:01.250Z"
EVERY = list(catalogue.listed())


@pytest.fixture(autouse=True)
def in_japanese(_english: None) -> Iterator[None]:
    with override("ja"):
        yield


def observations() -> Iterator[Observation]:
    """Every text that a probe can have, expected and found."""
    values = [
        plain("CONFIRMED"),
        records.status_message(records.UNKNOWN),
        Message("value.no_line"),
        Message("value.not_sent"),
        Message("value.never_confirmed"),
        Message("value.traces", {"count": 2, "services": Message("value.no_service")}),
        records.ONE_TRACE,
    ]
    texts = (
        Message("observed.answer"),
        Message("observed.order_status"),
        Message("observed.reservations"),
        Message("observed.log_line"),
        Message("observed.delivery_failure"),
        Message("observed.seconds_to_confirm"),
        Message("observed.traces"),
    )
    for text in texts:
        yield observation.of_each(text, values, expected=records.ONE_TRACE)
    yield observation.of_each(texts[0], [], expected=plain(201))
    for at_least, at_most in ((1, None), (0, 3), (1, 3)):
        line = Message("observed.orders_logged", {"line": LOG_LINE})
        yield observation.share(line, 2, orders=3, at_least=at_least, at_most=at_most)
    after = Message("value.after", {"kinds": plain("reset"), "least": 1, "most": 5})
    limits = Message("value.range", {"least": "4.5", "most": "8"})
    waited = Message("observed.clients_waited", {"ms": "780"})
    yield observation.observation(waited, expected=limits, actual=after, ok=False)


def kept_state(**changed: Any) -> dict[str, Any]:
    """A run's state as an English process left it."""
    observed = list(observations())
    steps: list[dict[str, Any]] = [
        {"name": name, "kind": kind, "status": status, "startedAt": AT, "text": ""}
        for name, kind, status in (
            ("no fault is in force", "hypothesis", "succeeded"),
            ("heal", "action", "running"),
            ("orders are confirmed", "hypothesis after", "deviated"),
            ("heal what was broken", "rollback", "succeeded"),
        )
    ]
    failure = Message("error.bounds", {"name": "count", "least": 1, "most": 9})
    steps.append(steps[1] | {"status": "failed", "text": "…", "message": failure.as_json()})
    # Each observation under a name of its own, which is that of a step of some experiment.
    names = sorted({step for each in EVERY for step in each.as_json()["steps"]})
    for name, each in zip(names, observed, strict=False):
        status = "succeeded" if each["ok"] else "deviated"
        steps.append({"name": name, "kind": "probe", "status": status, "startedAt": AT, "text": ""})
    return {
        "runId": "20260101T000000000-0001",
        "name": EVERY[0].name,
        "title": EVERY[0].content["title"],
        "status": "deviated",
        "reason": "",
        "startedAt": "2026-01-01T00:00:00.000Z",
        "endedAt": "2026-01-01T00:00:02.500Z",
        "steps": steps,
        "observed": [{"name": name, **each} for name, each in zip(names, observed, strict=False)],
        "windows": list(windows()),
        **changed,
    }


def windows() -> Iterator[dict[str, Any]]:
    """Every fault, as the English answer of the lab had it."""
    for number, (target, kind) in enumerate(kinds.listed()):
        for level in kinds.levels_of(kind, target):
            fault = Fault("f", target, kind.name, level, NOW, kind.read({}))
            with override("en"):
                yield {**as_json(fault, now=NOW), "fromMs": number, "toMs": None}


def gathered() -> dict[str, Any]:
    """A verdict with every anomaly, and a trace of every story, in English."""
    verdict = check(history(), orders=[], reservations=[], stock=[]).as_json()
    for kind in ANOMALIES:
        verdict["anomalies"][kind] |= {"count": 7, "first": [{"orderId": "0" * 8}] * 7}
    verdict |= {"ok": False, "stockNotConserved": [{"sku": "1"}]}
    traces = []
    with override("en"):
        for make in build.STORIES.values():
            story = make()
            evidence = evidence_of(story.spans, story.logs, trace_id=build.TRACE_ID)
            traces.append({"spans": [], "evidence": evidence})
    return {"verdict": verdict, "final": {}, "traces": traces}


def history() -> list[Operation]:
    return [
        Operation(0, "0", 0, 40, "ok", 201, "0"),
        Operation(1, "1", 10, 50, "fail", error="timed_out"),
        Operation(2, "2", 20, 3_000, "info", error="timed_out"),
    ]


def test_a_report_has_no_english_left() -> None:
    journal = {"experiment": {"description": EVERY[0].content["description"], "tags": []}}
    operations = [each.as_json() for each in history()]
    problem = Message("reason.not_gathered", {"error": plain("reset")}).as_json()
    reason = Message("reason.no_firewall", {"reason": Message("firewall.only_root")}).as_json()
    markup = page(
        [
            RunRecord(run_json(kept_state()), journal, operations, gathered()),
            RunRecord(run_json(kept_state(status="aborted")), journal, (), {"problem": problem}),
            RunRecord(run_json(kept_state(status="skipped", reason=reason, steps=[])), journal),
        ]
    )
    spans = {span.name for story in build.STORIES.values() for span in story().spans}
    names = {EVERY[0].name, *ANOMALIES, "stock", LOG_LINE, *spans}
    assert english_texts(markup, quoted=frozenset(names)) == []


@pytest.mark.parametrize("experiment", EVERY, ids=[each.name for each in EVERY])
def test_an_experiments_own_texts_are_in_japanese(experiment: catalogue.Experiment) -> None:
    described = experiment.as_json()
    steps = [
        {"name": name, "kind": "action", "status": "succeeded", "startedAt": AT, "text": ""}
        for name in described["steps"]
    ]
    state = kept_state(
        name=experiment.name,
        title=described["title"],
        steps=steps,
        observed=[],
        windows=[],
        status="passed",
    )
    journal = {"experiment": {"description": described["description"], "tags": []}}
    markup = page([RunRecord(run_json(state), journal)])
    assert english_texts(markup, quoted=frozenset({experiment.name})) == []


def test_the_matrix_has_no_english_left() -> None:
    state = new_state(MatrixSpec(), run_id="20260101T000000000-0001")
    counts = {"orders": 6, "acknowledged": 6, "notTaken": 0, "unknown": 0, "reservations": 6}
    times = {"medianMs": 1, "slowestMs": 2, "seconds": 2.5}
    whole = {"ok": True, "anomalies": {}, "offenders": {}, "stockNotConserved": 0}
    wrong = {
        "ok": False,
        "anomalies": dict.fromkeys(ANOMALIES, 2),
        "offenders": {},
        "stockNotConserved": 1,
    }
    state["cells"] = [
        {"row": row, "column": column, **counts, **times, **(wrong if row == "none" else whole)}
        for row in ROWS
        for column in COLUMNS
    ]
    error = Message("error.missing_defences", {"names": "outbox"})
    state["reason"] = Message("reason.not_restored", {"error": error}).as_json()
    assert english_texts(matrix_page(state), quoted=frozenset()) == []


def test_english_is_found_where_it_is_left() -> None:
    markup = '<style>a b</style><p title="a word">PENDING</p><p>never confirmed</p><p>状態</p>'
    assert english_texts(markup, quoted=frozenset()) == ["a word", "never confirmed"]
