"""What probes observe: in English as Chaos Toolkit's journal has it, and as messages beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from chaoslib.exceptions import ActivityFailed
from django.utils.translation import override

from base.message import Message, from_json
from experiments import probes
from experiments.checker.history import Operation
from experiments.runs import session
from experiments.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from experiments.observing.observation import Observation

FAILED = "failed to deliver job to worker"


class KnownLab:
    """A lab that holds what a test gives it."""

    def __init__(self) -> None:
        self.held: dict[str, dict[str, Any]] = {}
        self.problem: Message | None = None

    def order(self, order_id: str) -> dict[str, Any] | None:
        status = self.held[order_id].get("status")
        return {"status": status} if status else None

    def reservation(self, order_id: str) -> dict[str, Any] | None:
        count = self.held[order_id].get("reserved", 0)
        return {"count": count} if count else None

    def logs(self, **filters: str) -> list[dict[str, Any]]:
        held = self.held[filters["requestId"].replace("r", "o")]
        logs: list[dict[str, Any]] = held.get("logs", [])
        return logs

    def traces(self, **filters: str) -> list[dict[str, Any]]:
        services: list[list[str]] = self.held[filters["orderId"]].get("traces", [])
        return [{"services": [{"name": name} for name in names]} for names in services]

    def firewall_problem(self) -> Message | None:
        return self.problem

    def links(self) -> list[str]:
        return ["api-to-worker"]

    def newest_orders(self, _limit: int) -> list[dict[str, Any]]:
        made = [key.replace("o", "r") for key, each in self.held.items() for _ in each["made"]]
        return [{"requestId": each} for each in made]


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[session.Session]:
    """The session of an experiment, of a lab that holds nothing yet."""
    session.reset()
    made = session.current({})
    monkeypatch.setattr(made, "lab", KnownLab())
    yield made
    session.reset()


def place(running: session.Session, *held: Mapping[str, Any], waited_ms: float = 40) -> None:
    running.placed = [
        Operation(number, f"r{number}", 0, waited_ms, "ok", 201, f"o{number}")
        for number in range(len(held))
    ]
    running.lab.held = {  # type: ignore[attr-defined] # a KnownLab
        f"o{number}": dict(each) for number, each in enumerate(held)
    }


def line(msg: str, at: int = 0, **attributes: Any) -> dict[str, Any]:
    return {"msg": msg, "timeUnixNano": str(at), "attributes": attributes}


def shown(observed: Observation) -> tuple[str, str, bool]:
    """Return expected, actual and verdict, after a look at the messages: they say the same."""
    messages = {name: from_json(each) for name, each in observed["messages"].items()}
    for name in ("text", "expected", "actual"):
        assert sentence(messages[name]) == observed[name]
    with override("ja"):
        assert re.search(r"[ぁ-んァ-ヶ一-龠]", sentence(messages["text"]))
    return observed["expected"], observed["actual"], observed["ok"]


def test_answers_are_counted_the_most_frequent_first(running: session.Session) -> None:
    place(running, {}, {}, {})
    assert shown(probes.answers()) == ("201", "201", True)
    assert shown(probes.answers(503)) == ("503", "201", False)
    running.placed[0] = Operation(0, "r0", 0, 1, "info", None, None, error="ConnectionError")
    assert shown(probes.answers()) == ("201", "201 (×2); ConnectionError (×1)", False)


def test_without_an_order_nothing_is_as_expected(running: session.Session) -> None:
    place(running)
    for observed in (
        probes.answers(),
        probes.api_believes(within=0),
        probes.worker_reserved(within=0),
        probes.one_trace_each(within=0),
    ):
        assert shown(observed)[1:] == ("nothing was sent", False)
    assert not probes.logged(FAILED, within=0)["ok"]
    assert not probes.errors_seen(["reset"], within=0)["ok"]
    assert not probes.clients_waited(10)["ok"]


def test_what_the_api_believes(running: session.Session) -> None:
    place(running, {"status": "PENDING"}, {})
    expected = ("PENDING", "PENDING (×1); not known (×1)", False)
    assert shown(probes.api_believes("PENDING", within=0)) == expected
    place(running, {})
    assert shown(probes.api_believes("not known", within=0)) == ("not known", "not known", True)


def test_how_often_the_worker_reserved(running: session.Session) -> None:
    place(running, {"reserved": 2}, {"reserved": 2})
    assert shown(probes.worker_reserved(2, within=0)) == ("2", "2", True)
    place(running, {})
    assert shown(probes.worker_reserved(1, within=0)) == ("1", "0", False)


def test_a_log_line_of_each_order(running: session.Session) -> None:
    place(running, {"logs": [line(FAILED, errorKind="reset", elapsedMs=5, more=1)]})
    assert shown(probes.logged(FAILED, {"errorKind": "reset"}, within=0)) == (
        f"{FAILED}, errorKind reset",
        f"{FAILED}, errorKind reset, elapsedMs 5",
        True,
    )
    assert shown(probes.logged(FAILED, {"errorKind": "dns"}, within=0))[1:] == (
        "no such line",
        False,
    )


def test_how_the_delivery_failed(running: session.Session) -> None:
    lines = [line(FAILED, errorKind="reset", elapsedMs=ms) for ms in (3, 7)]
    place(running, {"logs": lines[:1]}, {"logs": lines[1:]})
    assert shown(probes.errors_seen(["connect_refused", "reset"], within=0)) == (
        "connect_refused or reset",
        "reset, after 3 to 7 ms",
        True,
    )
    place(running, {"logs": lines[:1]}, {})
    assert shown(probes.errors_seen(["reset"], within=0)) == (
        "reset",
        "reset (×1); not sent (×1), after 3 to 3 ms",
        False,
    )
    assert probes.errors_seen(["reset", "not sent"], within=0)["ok"]


@pytest.mark.parametrize(
    ("bounds", "expected", "ok"),
    [
        ({"at_least": 2}, "at least 2", True),
        ({"at_least": 3}, "at least 3", False),
        ({"at_least": 0, "at_most": 2}, "at most 2", True),
        ({"at_least": 0, "at_most": 1}, "at most 1", False),
        ({"at_least": 1, "at_most": 3}, "at least 1 and at most 3", True),
        ({"at_least": 0}, "at least 0", True),
    ],
    ids=str,
)
def test_how_many_orders_are_something(
    running: session.Session, bounds: dict[str, Any], expected: str, *, ok: bool
) -> None:
    logs = [line(FAILED)]
    place(running, *[{"logs": logs, "status": "PENDING"}] * 2, {"status": "CONFIRMED"})
    for observed in (
        probes.some_logged(FAILED, within=0, **bounds),
        probes.some_orders_are("PENDING", within=0, **bounds),
    ):
        assert shown(observed) == (expected, "2 of 3", ok)


def test_how_many_clients_waited(running: session.Session) -> None:
    place(running, {}, {}, waited_ms=780)
    observed = probes.clients_waited(780, at_most=0)
    assert observed["text"] == "Clients that waited over 780 ms for their answer"
    assert shown(observed) == ("at most 0", "0 of 2", True)
    assert shown(probes.clients_waited(779.5, at_least=2))[1:] == ("2 of 2", True)


def test_seconds_from_accepted_to_confirmed(running: session.Session) -> None:
    logs = [line("order accepted (pending)", 10**9), line("order confirmed", 6 * 10**9)]
    place(running, {"logs": logs})
    assert shown(probes.confirmed_after(5, 8)) == ("5 to 8", "5.0", True)
    assert shown(probes.confirmed_after(4.5, 5)) == ("4.5 to 5", "5.0", True)
    assert shown(probes.confirmed_after(5.1, 8))[1:] == ("5.0", False)
    place(running, {"logs": logs[:1]})
    assert shown(probes.confirmed_after(0, -2))[1:] == ("never confirmed", False)


def test_one_trace_of_both_services(running: session.Session) -> None:
    place(running, {"traces": [["api", "worker", "client"]]})
    assert shown(probes.one_trace_each(within=0)) == (
        "one trace, api and worker",
        "one trace, api and worker",
        True,
    )
    place(running, {"traces": [["api"], ["worker"]]}, {})
    assert shown(probes.one_trace_each(within=0))[1:] == (
        "2 traces, api and worker (×1); 0 traces, none (×1)",
        False,
    )
    place(running, {"traces": [["api"]]})
    assert shown(probes.one_trace_each(within=0))[1:] == ("one trace, api", False)


def test_a_lab_that_may_change_the_firewall_is_not_skipped(running: session.Session) -> None:
    assert probes.firewall_is_permitted()
    assert running.skipped is None


def test_a_lab_that_may_not_change_the_firewall_is_skipped(running: session.Session) -> None:
    running.lab.problem = Message("firewall.only_root")  # type: ignore[attr-defined] # a KnownLab
    reason = "the lab may not change the firewall: only root may change the firewall"
    with pytest.raises(ActivityFailed, match=reason):
        probes.firewall_is_permitted()
    assert running.skipped is not None
    with override("ja"):
        assert "ファイアウォール" in sentence(running.skipped)
        assert "firewall" not in sentence(running.skipped)


def test_a_system_without_the_link_leaves_the_run_out_and_says_so(running: session.Session) -> None:
    assert probes.has_link("api-to-worker")
    assert running.skipped is None
    with pytest.raises(ActivityFailed, match="the lab's system has no link api-to-database"):
        probes.has_link("api-to-database")
    assert running.skipped is not None


def test_the_orders_of_one_request_are_counted(running: session.Session) -> None:
    place(running, {"made": [1]}, {"made": [1, 2]})
    observed = probes.orders_made(expected=1, within=0)
    assert shown(observed) == ("1", "1 (×1); 2 (×1)", False)
