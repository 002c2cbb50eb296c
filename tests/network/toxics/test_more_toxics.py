"""Loss that spares a handshake, a pipe for all, delays by distribution, a schedule from a seed."""

from __future__ import annotations

import random
import statistics
import time
from itertools import islice

import pytest

from network.toxics.latency import Latency
from network.toxics.schedule import Schedule
from tests.network.rig import rig, talk


def drawn(toxic: Latency) -> list[float]:
    chance = random.Random(5)  # noqa: S311 - chance that must repeat is the point
    return [toxic.delay_ms(chance) for _ in range(20_000)]


def test_a_normal_delay_has_its_mean_and_deviation() -> None:
    delays = drawn(Latency(latency=100, jitter=10, distribution="normal"))
    assert statistics.mean(delays) == pytest.approx(100, abs=0.5)
    assert statistics.stdev(delays) == pytest.approx(10, abs=0.5)


def test_a_pareto_delay_has_a_long_tail_above_its_least() -> None:
    delays = sorted(drawn(Latency(latency=100, jitter=10, distribution="pareto")))
    assert delays[0] >= 100
    assert statistics.mean(delays) == pytest.approx(110, abs=1)
    # Far beyond what a normal or uniform one of that jitter ever has.
    assert delays[-1] > 200


def test_a_recorded_delay_is_one_of_the_recorded() -> None:
    toxic = Latency(latency=1, distribution="recorded", samples=(10, 20, 20))
    delays = drawn(toxic)
    assert set(delays) == {11, 21}
    assert delays.count(21) / len(delays) == pytest.approx(2 / 3, abs=0.02)


def test_a_schedule_is_the_same_again_from_its_seed() -> None:
    def turns(seed: int) -> list[tuple[float, float]]:
        return list(islice(Schedule(up=300, down=100, seed=seed).turns(), 2_000))

    first = turns(1)
    assert turns(1) == first != turns(2)
    ends = [0.0, *(comes for _, comes in first)]
    up = [goes - before for (goes, _), before in zip(first, ends, strict=False)]
    down = [comes - goes for goes, comes in first]
    assert statistics.mean(up) == pytest.approx(300, rel=0.1)
    assert statistics.mean(down) == pytest.approx(100, rel=0.1)


def test_a_schedule_holds_bytes_until_its_turn_is_over() -> None:
    with rig() as link, link.connect() as connection:
        link.toxic("schedule", "upstream", up=100, down=300, seed=1)
        goes, comes = next(Schedule(up=100, down=300, seed=1).turns())
        began = time.monotonic()
        while time.monotonic() - began < goes / 1000:
            talk(connection)
        assert talk(connection)[0] == b"ping"
        # From the moment that the toxic was set; the request to set it took some of it.
        assert time.monotonic() - began >= comes / 1000 - 0.1


def test_a_shared_pipe_is_shared_by_all_connections() -> None:
    with rig() as link, link.connect() as one, link.connect() as other:
        data = b"x" * 10_000
        name = link.toxic("bandwidth", "upstream", rate=100)
        began = time.monotonic()
        for each in (one, other):
            each.sendall(data)
        for each in (one, other):
            talk_back(each, len(data))
        alone = time.monotonic() - began
        link.heal(name)
        body = {"type": "bandwidth", "stream": "upstream", "attributes": {"rate": 100}}
        body["attributes"]["shared"] = True  # type: ignore[index] # the object above
        made = link.call("POST", "/proxies/one/toxics", body)
        assert made.json()["attributes"] == {"rate": 100, "shared": True}
        began = time.monotonic()
        for each in (one, other):
            each.sendall(data)
        for each in (one, other):
            talk_back(each, len(data))
        # 20 kB at 100 kB/s.
        assert time.monotonic() - began >= 0.19
        assert alone >= 0.09


def talk_back(connection: object, size: int) -> None:
    while size > 0:
        size -= len(connection.recv(65_536))  # type: ignore[attr-defined] # a socket


def test_loss_spares_the_first_pieces_of_each_connection() -> None:
    with rig() as link:
        link.toxic("packet_loss", "upstream", loss_rate=1, spare=2)
        for _ in range(2):
            with link.connect() as connection:
                assert talk(connection)[0] == talk(connection)[0] == b"ping"
                connection.settimeout(0.2)
                with pytest.raises(TimeoutError):
                    talk(connection)
