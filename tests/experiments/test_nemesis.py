"""The nemesis strikes by its seed, with faults that there are, each of which ends by itself."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice

from experiments.checker.nemesis import strikes
from faults import request

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_the_same_seed_strikes_the_same() -> None:
    assert list(islice(strikes(7), 50)) == list(islice(strikes(7), 50))
    assert list(islice(strikes(7), 50)) != list(islice(strikes(8), 50))


def test_every_strike_is_a_fault_that_can_be_set_and_ends() -> None:
    struck = set()
    for strike in islice(strikes(1), 400):
        fault = request.read(strike.as_fault(), now=NOW)
        assert fault.remaining_seconds(NOW)
        struck.add((fault.target, fault.kind))
    assert {("api", "crash"), ("worker", "crash"), ("worker", "pause")} <= struck


def test_a_strike_lasts_as_long_as_it_says_and_leaves_a_pause() -> None:
    for strike in islice(strikes(3), 400):
        assert 0.2 <= strike.lasts <= 1.5
        assert 0.1 <= strike.pause_after <= 0.6
        fault = strike.as_fault()
        assert fault["ttlSeconds"] == round(strike.lasts, 3)
        assert fault["setBy"] == "nemesis"
        assert fault.items() >= strike.parameters.items()


def test_every_link_is_struck_by_what_it_can_have() -> None:
    struck = {(strike.target, strike.kind) for strike in islice(strikes(2), 2_000)}
    links = {"client-to-api", "api-to-worker", "worker-to-api"}
    inner = {"api-to-worker", "worker-to-api"}
    for kind, targets in {
        "cut": links,
        "request_lost": links,
        "response_lost": links,
        "slow": {*inner, "worker"},
        "lossy": inner,
        "reset": inner,
        "duplicate": {"api-to-worker"},
        "http_status": {"api-to-worker"},
        "crash": {"api", "worker"},
        "pause": {"api", "worker"},
    }.items():
        assert {target for target, struck_by in struck if struck_by == kind} == targets, kind


def test_the_numbers_of_a_kind_reach_from_its_least_to_its_most() -> None:
    numbers: dict[tuple[str, str], list[float]] = {}
    for strike in islice(strikes(5), 100_000):
        for name, value in strike.parameters.items():
            place = "worker" if strike.target == "worker" else "link"
            numbers.setdefault((place, strike.kind), []).append(value)
            assert name == ("rate" if strike.kind == "lossy" else "ms")
    assert {key: (min(given), max(given)) for key, given in numbers.items()} == {
        ("link", "slow"): (50, 1_500),
        ("link", "lossy"): (0.1, 0.6),
        ("link", "reset"): (0, 100),
        ("worker", "slow"): (100, 1_500),
    }
    assert all(round(rate, 2) == rate for rate in numbers["link", "lossy"])
