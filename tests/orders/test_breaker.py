"""The breaker opens after failures in a row, spares the worker, and lets one call probe it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from hypothesis import strategies as st

from boundary.error_kind import ErrorKind
from orders.defences.breaker import Breaker, Policy, Ticket
from orders.defences.names import CIRCUIT_BREAKER, DEFENCES
from orders.delivery import BREAKER
from tests.support import upstreams
from tests.support.ports import free_ports
from tests.support.properties import for_all

if TYPE_CHECKING:
    from django.conf import LazySettings
    from django.test import Client

    from tests.support.stand_in import StandIn

POLICY = Policy(failures=3, open_ms=1_000, successes=2, probe_ms=5_000)


@dataclass
class Clock:
    seconds: float = 100.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Rig:
    policy: Policy = POLICY
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.breaker = Breaker(self.policy, clock=self.clock)

    def call(self, *, ok: bool) -> bool:
        ticket = self.breaker.request()
        if ticket.admitted:
            self.breaker.report(ticket, ok=ok)
        return ticket.admitted

    def name(self) -> str:
        return self.breaker.state.name

    def open(self) -> None:
        for _ in range(self.policy.failures):
            assert self.call(ok=False)
        assert self.name() == "open"


def test_failures_in_a_row_open_it_and_a_success_between_does_not() -> None:
    rig = Rig()
    for ok in (False, False, True, False, False):
        assert rig.call(ok=ok)
    assert rig.name() == "closed"
    rig.call(ok=False)
    assert rig.name() == "open"
    assert not rig.call(ok=True)


def test_after_its_time_one_call_probes_and_the_others_wait() -> None:
    rig = Rig()
    rig.open()
    rig.clock.seconds += 0.999
    assert not rig.breaker.request().admitted
    rig.clock.seconds += 0.002
    probe = rig.breaker.request()
    assert (probe.admitted, probe.name) == (True, "half_open")
    assert not rig.breaker.request().admitted
    rig.breaker.report(probe, ok=True)
    second = rig.breaker.request()
    assert second.admitted
    assert rig.breaker.report(second, ok=True) == "closed"
    assert rig.call(ok=True)


def test_a_probe_that_fails_opens_it_for_the_whole_time_again() -> None:
    rig = Rig()
    rig.open()
    rig.clock.seconds += 1.5
    assert rig.call(ok=False)
    assert rig.name() == "open"
    rig.clock.seconds += 0.9
    assert not rig.call(ok=True)


def test_a_probe_that_says_nothing_is_not_waited_for_for_ever() -> None:
    rig = Rig()
    rig.open()
    rig.clock.seconds += 1.5
    lost = rig.breaker.request()
    rig.clock.seconds += 5.0
    assert rig.breaker.request().admitted
    assert rig.breaker.report(lost, ok=False) is None


def test_a_call_from_before_says_nothing_about_now() -> None:
    rig = Rig()
    early = rig.breaker.request()
    rig.open()
    assert rig.breaker.report(early, ok=True) is None
    assert rig.name() == "open"


@pytest.mark.parametrize(
    "wrong",
    [
        {"failures": 0},
        {"failures": 101},
        {"open_ms": 0},
        {"open_ms": 600_001},
        {"successes": 11},
        {"probe_ms": 0},
    ],
)
def test_a_number_out_of_its_bounds_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must be from 1 to"):
        Policy(**wrong)


POLICIES = st.builds(
    Policy,
    failures=st.integers(1, 6),
    open_ms=st.integers(1, 5_000),
    successes=st.integers(1, 3),
    probe_ms=st.integers(1, 5_000),
)
EVENTS = st.lists(
    st.one_of(
        st.just("request"),
        st.tuples(st.integers(0, 5), st.booleans()),
        st.floats(0.001, 3.0),
    ),
    max_size=60,
)


@for_all(POLICIES, EVENTS, examples=100)
def test_whatever_comes_it_keeps_its_promises(
    policy: Policy, events: list[str | tuple[int, bool] | float]
) -> None:
    rig = Rig(policy)
    out: list[Ticket] = []
    opened_at = 0.0
    for event in events:
        if isinstance(event, float):
            rig.clock.seconds += event
        elif isinstance(event, tuple):
            if out:
                ticket = out.pop(event[0] % len(out))
                if rig.breaker.report(ticket, ok=event[1]) == "open":
                    assert not event[1]
                    opened_at = rig.clock.seconds
        else:
            before = rig.breaker.state
            ticket = rig.breaker.request()
            spared_ms = (rig.clock.seconds - opened_at) * 1_000
            if before.name == "open":
                # Neither a call too early, nor a worker spared for ever.
                assert ticket.admitted == (spared_ms >= policy.open_ms - 1e-6)
            if ticket.admitted:
                out.append(ticket)
        state = rig.breaker.state
        assert state.failures < policy.failures
        assert state.successes < policy.successes
        live = [each for each in out if each.epoch == state.epoch]
        assert state.name == "closed" or len(live) <= 1
    rig.clock.seconds += (policy.open_ms + policy.probe_ms) / 1_000 + 0.001
    for _ in range(policy.successes):
        assert rig.call(ok=True)
    assert rig.name() == "closed"


@pytest.mark.django_db
@pytest.mark.urls("labsite.http.urls_api")
def test_an_open_breaker_makes_no_call_and_says_so(
    client: Client, settings: LazySettings, stand_in: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    BREAKER.forget()
    DEFENCES.switch({CIRCUIT_BREAKER: True})
    there, settings.WORKER_URL = settings.WORKER_URL, f"http://127.0.0.1:{free_ports(1)[0]}"
    for _ in range(5):
        client.post("/orders", "", content_type="application/json")
    assert "circuit breaker open" in caplog.messages
    settings.WORKER_URL = there
    answer = client.post("/orders", "", content_type="application/json")
    assert (answer.status_code, answer.json()["status"]) == (201, "PENDING")
    assert stand_in.bodies == []
    record = vars(caplog.records[-1])
    assert record["msg"] == "failed to deliver job to worker"
    assert (record["circuitBreaker"], record["elapsedMs"]) == ("open", 0)
    assert "errorKind" not in record
    DEFENCES.switch({CIRCUIT_BREAKER: False})
    client.post("/orders", "", content_type="application/json")
    assert len(stand_in.bodies) == 1


@pytest.mark.django_db
@pytest.mark.urls("labsite.http.urls_api")
def test_a_refused_job_is_no_reason_to_open(
    client: Client, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    BREAKER.forget()
    DEFENCES.switch({CIRCUIT_BREAKER: True})
    with upstreams.server(upstreams.answering(422, b'{"error": "no"}')) as url:
        settings.WORKER_URL = url
        for _ in range(7):
            client.post("/orders", "", content_type="application/json")
    kinds = [vars(record).get("errorKind") for record in caplog.records]
    assert kinds == [ErrorKind.HTTP_4XX.value] * 7
