"""timeout, reset_peer, limit_data, blackhole, packet_loss, fail_first, down: who sees what."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from tests.network.rig import Rig, is_reset, rig, talk
from tests.support.waiting import eventually, let_pass


def test_timeout_is_silent_and_then_closes() -> None:
    with rig() as link, link.connect() as connection:
        link.toxic("timeout", "upstream", timeout=200)
        began = time.monotonic()
        connection.sendall(b"ping")
        assert connection.recv(100) == b""
        assert 0.15 <= time.monotonic() - began < 1
        assert link.upstream.got == [b""]


def test_timeout_zero_waits_until_it_is_removed() -> None:
    with rig() as link, link.connect() as connection:
        name = link.toxic("timeout", "upstream", timeout=0)
        connection.sendall(b"ping")
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            connection.recv(100)
        link.heal(name)
        connection.settimeout(5)
        # As Toxiproxy does, the connection is closed with the toxic.
        assert connection.recv(100) == b""


def test_reset_peer_resets_after_its_time() -> None:
    with rig() as link, link.connect() as connection:
        link.toxic("reset_peer", "upstream", timeout=100)
        began = time.monotonic()
        connection.sendall(b"ping")
        assert is_reset(connection)
        assert time.monotonic() - began >= 0.08


def test_limit_data_closes_once_so_much_has_passed() -> None:
    with rig() as link, link.connect() as connection:
        link.toxic("limit_data", "downstream", bytes=6)
        connection.sendall(b"0123456789")
        back = b""
        while more := connection.recv(100):
            back += more
        assert back == b"012345"
        assert bytes(link.upstream.got[0]) == b"0123456789"


@pytest.mark.parametrize(("stream", "arrived"), [("upstream", b""), ("downstream", b"ping")])
def test_a_lost_request_never_arrives_and_the_request_of_a_lost_answer_does(
    stream: str, arrived: bytes
) -> None:
    with rig() as link, link.connect() as connection:
        link.toxic("blackhole", stream)
        connection.sendall(b"ping")
        connection.settimeout(0.4)
        with pytest.raises(TimeoutError):
            connection.recv(100)
        eventually(lambda: bytes(link.upstream.got[0]) == arrived)


def test_a_healed_blackhole_resets_what_has_a_hole_and_spares_the_rest() -> None:
    with rig() as link, link.connect() as broken, link.connect() as idle:
        assert talk(broken)[0] == talk(idle)[0] == b"ping"
        name = link.toxic("blackhole", "downstream")
        broken.sendall(b"lost")
        eventually(lambda: b"pinglost" in [bytes(each) for each in link.upstream.got])
        link.heal(name)
        assert is_reset(broken)
        assert talk(idle)[0] == b"ping"


def test_packet_loss_loses_its_share() -> None:
    with rig("sink") as link, link.connect() as connection:
        link.toxic("packet_loss", "upstream", loss_rate=0.5, correlation=0)
        for number in range(100):
            connection.sendall(b"%02d" % number)
            let_pass(0.003)
        eventually(lambda: len(link.upstream.got[0]) > 0)
        connection.close()
        eventually(lambda: link.upstream.ended[0])
        assert 40 <= len(link.upstream.got[0]) <= 160


def test_all_or_nothing_is_lost_at_the_ends_of_the_scale() -> None:
    with rig() as link, link.connect() as connection:
        name = link.toxic("packet_loss", "upstream", loss_rate=0, correlation=0)
        assert talk(connection)[0] == b"ping"
        link.change(name, loss_rate=1)
        connection.sendall(b"lost")
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            connection.recv(100)


def fates(seed: int) -> list[bool]:
    """Which of twelve connections, one after the other, a toxic of toxicity 0.5 spared."""
    with rig(seed=seed) as link:
        body = {"type": "reset_peer", "stream": "upstream", "toxicity": 0.5}
        assert link.call("POST", "/proxies/one/toxics", body).ok
        return [answered(link) for _ in range(12)]


def answered(link: Rig) -> bool:
    """Whether a new connection carries a word there and back."""
    try:
        with link.connect() as connection:
            return talk(connection)[0] == b"ping"
    except OSError:
        return False


def test_the_same_seed_gives_the_same_fate() -> None:
    first = fates(7)
    assert fates(7) == first
    assert fates(8) != first


def test_toxicity_spares_some_connections_whole() -> None:
    with rig() as link:
        body = {"type": "reset_peer", "stream": "upstream", "toxicity": 0.5}
        assert link.call("POST", "/proxies/one/toxics", body).ok
        spared = sum(answered(link) for _ in range(30))
        assert 3 < spared < 27


def test_the_first_connections_fail_and_later_ones_work() -> None:
    with rig() as link:
        link.toxic("fail_first", "upstream", count=2)
        assert [answered(link) for _ in range(4)] == [False, False, True, True]
        # The first two never reached the upstream.
        assert len(link.upstream.got) == 2


def test_connections_that_are_kept_open_count_among_the_first_when_they_are_used() -> None:
    with rig() as link, link.connect() as kept, link.connect() as spared:
        assert talk(kept)[0] == talk(spared)[0] == b"ping"
        link.toxic("fail_first", "upstream", count=2)
        kept.sendall(b"ping")
        assert is_reset(kept)
        assert [answered(link) for _ in range(2)] == [False, True]
        assert talk(spared)[0] == b"ping"
        assert bytes(link.upstream.got[0]) == b"ping"


def test_a_link_that_is_down_refuses_and_ends_what_was_open() -> None:
    with rig() as link, link.connect() as connection:
        assert talk(connection)[0] == b"ping"
        assert link.call("POST", "/proxies/one", {"enabled": False}).json()["enabled"] is False
        with suppress(ConnectionResetError):
            assert connection.recv(100) == b""
        with pytest.raises(ConnectionRefusedError):
            link.connect()
        assert link.call("POST", "/proxies/one", {"enabled": True}).ok
        with link.connect() as again:
            assert talk(again)[0] == b"ping"
