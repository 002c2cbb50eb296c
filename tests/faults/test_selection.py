"""A fault of a link can be held to some requests, or connections, in words, toxics and forms."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from faults import kinds, request
from faults.errors import FaultError
from faults.holders.toxic import ToxicHolder
from faults.holders.toxics import toxics_of
from faults.serializers import as_json
from tests.network.rig import rig
from tests.systems.five import five, running

NOW = datetime(2026, 1, 1, tzinfo=UTC)
JOBS: dict[str, Any] = {"target": "api-to-worker", "kind": "http_status", "status": 404}


def test_a_fault_of_some_requests_becomes_a_toxic_with_a_match() -> None:
    chosen = {"method": "POST", "path": "/jobs/*", "header": "x-user: 7", "share": 0.5}
    fault = request.read({**JOBS, **chosen, "every": 2, "first": 3}, now=NOW)
    (toxic,) = toxics_of(fault)
    assert toxic.as_json()["match"] == {**chosen, "every": 2, "first": 3}
    assert toxic.attributes == {"status": 404}
    assert as_json(fault, now=NOW)["words"] == (
        "The network itself answers 404 to calls from the API to the worker."
        " Only for POST /jobs/* [x-user: 7] 50.0% 1/2 ≤ 3."
    )


def test_what_is_the_default_is_left_out() -> None:
    fault = request.read({**JOBS, "path": "", "share": 1, "first": 0, "connections": 1}, now=NOW)
    assert fault.parameters == {"status": 404}
    (toxic,) = toxics_of(fault)
    assert (toxic.as_json()["toxicity"], "match" in toxic.as_json()) == (1.0, False)


def test_a_fault_of_some_connections_is_a_toxicity() -> None:
    given = {"target": "api-to-worker", "kind": "flap", "connections": 0.25}
    fault = request.read(given, now=NOW)
    assert [each.toxicity for each in toxics_of(fault)] == [0.25]
    assert as_json(fault, now=NOW)["words"].endswith(" Only on 25.0 % of the connections.")


def test_the_command_line_takes_them_too() -> None:
    words = ["api-to-worker", "slow", "path=/jobs/*", "method=POST", "distribution=pareto"]
    fault = request.read(request.parse(words, set_by="cli"), now=NOW)
    assert fault.parameters["path"] == "/jobs/*"
    (toxic,) = toxics_of(fault)
    assert toxic.attributes["distribution"] == "pareto"


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "cut", "path": "/x"},
        {"kind": "cut", "connections": 0.5},
        {"kind": "fail_first", "connections": 0.5},
        {"kind": "flap", "path": "/x"},
        {"kind": "lossy", "level": "firewall", "connections": 0.5},
        {"kind": "slow", "target": "worker", "path": "/x"},
        {"kind": "slow", "path": "x" * 201},
        {"kind": "slow", "share": 2},
        {"kind": "slow", "every": 0},
    ],
)
def test_what_can_not_be_held_so_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(FaultError):
        request.read({"target": "api-to-worker", **given}, now=NOW)


def test_a_form_learns_what_each_kind_can_be_held_to() -> None:
    named = {
        kind.name: [each["name"] for each in kind.as_json(target)["selection"]]
        for target, kind in kinds.listed()
        if target == "api-to-worker"
    }
    of_requests = ["method", "path", "header", "share", "every", "first", "connections"]
    assert named["slow"] == named["http_status"] == of_requests
    assert (named["flap"], named["cut"]) == (["connections"], [])


def test_of_another_protocol_a_request_is_known_by_a_text_in_it() -> None:
    with running(five()):
        slow = kinds.find("hub-to-west", "slow").as_json("hub-to-west")
        assert [each["name"] for each in slow["selection"]] == [
            "contains", "share", "every", "first", "connections",
        ]  # fmt: skip
        given = {"target": "hub-to-west", "kind": "reset", "stream": "response"}
        fault = request.read({**given, "contains": "COMMIT", "first": 1}, now=NOW)
    (toxic,) = toxics_of(fault)
    assert (toxic.stream, toxic.match) == ("downstream", {"contains": "COMMIT", "first": 1})


def test_a_real_toxiproxy_which_would_hurt_all_requests_is_not_asked() -> None:
    with rig() as link:
        body = {"name": "api-to-worker", "listen": "127.0.0.1:0", "upstream": "127.0.0.1:1"}
        assert link.call("POST", "/proxies", body).ok
        fault = request.read({"target": "api-to-worker", "kind": "slow", "path": "/x"}, now=NOW)
        with pytest.raises(FaultError, match="some requests"):
            ToxicHolder(link.control, own=False).apply(fault)
        assert link.call("GET", "/proxies/api-to-worker").json()["toxics"] == []
        ToxicHolder(link.control, own=True).apply(fault)
        (toxic,) = link.call("GET", "/proxies/api-to-worker").json()["toxics"]
        assert toxic["match"] == {"path": "/x"}
