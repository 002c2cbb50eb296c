"""What probes say of requests of actions: status, time, errorKind, and what the records have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from chaoslib.exceptions import ActivityFailed

from base.errors import LabError, LabFailure
from experiments import actions, probes, request_probes
from experiments.runs import session
from experiments.runs.gather import gather

if TYPE_CHECKING:
    from collections.abc import Iterator

SINCE = "2026-01-01T00:00:00.000Z"


class RequestsLab:
    """A lab whose actions end as a test says, with the records that it gives."""

    def __init__(self) -> None:
        self.ends: list[tuple[int | None, str | None]] = []
        self.asked: list[int] = []
        self.records: dict[str, list[Any]] = {"spans": [], "logs": []}
        self.evidence_of: dict[str, Any] | None = None

    def send_action(self, name: str, count: int = 1) -> list[dict[str, Any]]:
        if name == "moon":
            raise LabError(LabFailure.REFUSED, url="x", detail="not found", status=404)
        self.asked.append(count)
        ends = [self.ends.pop(0) if len(self.ends) > 1 else self.ends[0] for _ in range(count)]
        return [
            {
                "traceId": f"t{number}",
                "requestId": None,
                "httpStatus": status,
                "errorKind": kind,
                "durationMs": 40.0,
            }
            for number, (status, kind) in enumerate(ends)
        ]

    def spans(self, _trace_id: str) -> list[Any]:
        return self.records["spans"]

    def trace_logs(self, _trace_id: str) -> list[Any]:
        return self.records["logs"]

    def evidence(self, _trace_id: str) -> dict[str, Any] | None:
        return self.evidence_of


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> Iterator[RequestsLab]:
    session.reset()
    made, lab = session.current({}), RequestsLab()
    monkeypatch.setattr(made, "lab", lab)
    monkeypatch.setattr(made.requests, "_lab", lab)
    yield lab
    session.reset()


def send(lab: RequestsLab, *ends: tuple[int | None, str | None]) -> dict[str, Any]:
    lab.ends = list(ends)
    return actions.send_action("buy", count=len(ends))


def evidence(headline: str, *failures: tuple[str, str, str]) -> dict[str, Any]:
    return {
        "diagnosis": {"headline": headline},
        "messages": [
            {"kind": kind, "from": sender, "errorKind": error} for kind, sender, error in failures
        ],
    }


def test_requests_are_sent_and_counted_by_what_their_client_can_know(lab: RequestsLab) -> None:
    counted = send(
        lab, (200, None), (None, "connect_refused"), (502, "http_5xx"), (404, "http_4xx")
    )
    assert counted == {"ok": 1, "fail": 2, "info": 1}
    placed = session.current({}).placed
    assert [each.trace_id for each in placed] == ["t0", "t1", "t2", "t3"]
    assert {each.action for each in placed} == {"buy"}


def test_many_are_sent_ten_at_once_and_at_a_rate_one_by_one(lab: RequestsLab) -> None:
    lab.ends = [(200, None)]
    actions.send_action("buy", count=12)
    assert lab.asked == [10, 2]
    lab.asked.clear()
    actions.send_action("buy", count=3, rate=1_000)
    assert lab.asked == [1, 1, 1]


@pytest.mark.parametrize(("name", "count"), [("moon", 1), ("buy", 0), ("buy", 1_001)])
def test_what_can_not_be_sent_fails_the_activity(lab: RequestsLab, name: str, count: int) -> None:
    lab.ends = [(200, None)]
    with pytest.raises(ActivityFailed):
        actions.send_action(name, count=count)


def test_the_hypothesis_tries_until_it_succeeds(lab: RequestsLab) -> None:
    lab.ends = [(502, "http_5xx"), (200, None)]
    assert request_probes.succeeds("buy")
    lab.ends = [(502, "http_5xx")]
    assert not request_probes.succeeds("buy", within=0)
    assert session.current({}).workload.history.operations == []


def test_status_time_and_error_kind(lab: RequestsLab) -> None:
    send(lab, (502, "http_5xx"), (None, "read_timeout"))
    assert probes.answers(502)["actual"] == "502 (×1); read_timeout (×1)"
    assert request_probes.took(at_most_ms=50)["ok"]
    assert not request_probes.took(at_least_ms=50)["ok"]
    kinds = request_probes.error_kinds(["http_5xx", "read_timeout"])
    assert (kinds["ok"], kinds["expected"]) == (True, "http_5xx or read_timeout")
    assert not request_probes.error_kinds(["none"])["ok"]
    send(lab, (200, None))
    assert request_probes.error_kinds(["none"])["actual"] == "without an error"


def test_whether_a_service_has_records_of_it(lab: RequestsLab) -> None:
    send(lab, (200, None))
    lab.records["spans"] = [{"service": "shop"}]
    lab.records["logs"] = [{"service": "price", "msg": "got", "attributes": {"n": 1}}]
    for service, expected, ok in (
        ("shop", True, True),
        ("price", True, True),
        ("price", False, False),
        ("hub", False, True),
        ("hub", True, False),
    ):
        observed = request_probes.recorded(service, expected=expected, within=0)
        assert observed["ok"] is ok, service
    assert probes.logged("got", fields={"n": 1}, within=0)["ok"]
    assert not probes.logged("got", fields={"n": 2}, within=0)["ok"]


def test_how_the_calls_of_a_service_failed(lab: RequestsLab) -> None:
    send(lab, (502, "http_5xx"))
    lab.evidence_of = evidence(
        "Shop did not reach price",
        ("response", "price", "connect_refused"),
        ("request", "shop", "connect_refused"),
    )
    assert request_probes.calls("shop", ["connect_refused"], within=0)["ok"]
    assert not request_probes.calls("shop", ["none"], within=0)["ok"]
    assert request_probes.calls("price", ["none"], within=0)["actual"] == "no failed call"
    assert request_probes.explained("did not reach", within=0)["ok"]
    assert not request_probes.explained("gave up", within=0)["ok"]
    lab.evidence_of = None
    assert request_probes.explained("did not", within=0)["actual"] == "not explained"


def test_nothing_that_was_sent_is_nothing_as_expected(lab: RequestsLab) -> None:
    session.current({}).placed = []
    assert not request_probes.took()["ok"]
    assert not request_probes.error_kinds(["none"])["ok"]
    assert not request_probes.recorded("shop", expected=False, within=0)["ok"]
    assert not request_probes.calls("shop", ["none"], within=0)["ok"]
    assert not request_probes.explained("", within=0)["ok"]
    assert lab.asked == []


def test_two_traces_of_each_sort_are_gathered(lab: RequestsLab) -> None:
    send(lab, (200, None), (200, None), (200, None), (502, "http_5xx"))
    lab.evidence_of = evidence("x")
    operations = session.current({}).workload.history.operations
    gathered = gather(lab, operations, since=SINCE)  # type: ignore[arg-type] # it is like one
    assert gathered.keys() == {"traces"}
    assert len(gathered["traces"]) == 3
    lab.evidence_of = None
    assert gather(lab, operations, since=SINCE) == {"traces": []}  # type: ignore[arg-type]
