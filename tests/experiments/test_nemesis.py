"""The nemesis strikes by its seed, with faults that there are, each of which ends by itself."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice

from experiments.nemesis import strikes
from faults import asked

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_the_same_seed_strikes_the_same() -> None:
    assert list(islice(strikes(7), 50)) == list(islice(strikes(7), 50))
    assert list(islice(strikes(7), 50)) != list(islice(strikes(8), 50))


def test_every_strike_is_a_fault_that_can_be_set_and_ends() -> None:
    struck = set()
    for strike in islice(strikes(1), 400):
        fault = asked.read(strike.as_fault(), now=NOW)
        assert fault.remaining_seconds(NOW)
        struck.add((fault.target, fault.kind))
    assert {("api", "crash"), ("worker", "crash"), ("worker", "pause")} <= struck
