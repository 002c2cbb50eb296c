"""latency, bandwidth, slicer, slow_close, flap: what is sent arrives whole, only later."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.network.rig import rig, talk
from tests.support.waiting import eventually, let_pass

if TYPE_CHECKING:
    import socket

DATA = bytes(range(256)) * 40


@pytest.mark.parametrize("stream", ["upstream", "downstream"])
def test_latency_delays_one_direction_and_changes_take_hold_at_once(stream: str) -> None:
    with rig() as link, link.connect() as connection:
        assert talk(connection)[1] < 0.2
        name = link.toxic("latency", stream, latency=400)
        back, seconds = talk(connection)
        assert back == b"ping"
        assert 0.4 <= seconds < 0.8
        link.change(name, latency=200)
        assert 0.2 <= talk(connection)[1] < 0.4
        link.heal(name)
        assert talk(connection)[1] < 0.2


def test_jitter_spreads_a_delay_within_its_bounds() -> None:
    with rig() as link, link.connect() as connection:
        link.toxic("latency", latency=60, jitter=40)
        taken = [talk(connection)[1] for _ in range(12)]
        assert min(taken) >= 0.02
        assert max(taken) < 0.2
        assert max(taken) - min(taken) > 0.01


def test_bandwidth_lets_so_much_through_a_second() -> None:
    with rig() as link, link.connect() as connection:
        link.toxic("bandwidth", rate=20)
        back, seconds = talk(connection, DATA)
        assert back == DATA
        # 10 KB at 20 KB/s.
        assert 0.4 <= seconds < 1.5


def test_slicer_sends_pieces_with_pauses() -> None:
    with rig() as link, link.connect() as connection:
        link.toxic("slicer", average_size=16, size_variation=0, delay=20_000)
        connection.sendall(DATA[:64])
        pieces: list[bytes] = []
        began = time.monotonic()
        while len(b"".join(pieces)) < 64:
            pieces.append(connection.recv(65_536))
        assert b"".join(pieces) == DATA[:64]
        assert len(pieces) > 1
        assert time.monotonic() - began >= 0.05


def test_slow_close_is_late_with_the_end_alone() -> None:
    with rig() as link, link.connect() as connection:
        link.toxic("slow_close", "upstream", delay=250)
        assert talk(connection)[1] < 0.25
        began = time.monotonic()
        connection.close()
        eventually(lambda: link.upstream.ended == [True])
        assert 0.25 <= time.monotonic() - began < 0.8


def test_a_half_closed_connection_still_carries_the_answer() -> None:
    with rig() as link, link.connect() as connection:
        connection.sendall(b"last words")
        connection.shutdown(1)
        back = b""
        while more := connection.recv(100):
            back += more
        assert back == b"last words"


def test_flap_holds_back_while_down_and_loses_nothing() -> None:
    with rig() as link, link.connect() as connection:
        link.toxic("flap", "upstream", period=400, duty=0.5)
        taken = []
        for _ in range(12):
            back, seconds = talk(connection)
            assert back == b"ping"
            taken.append(seconds)
            let_pass(0.03)
        assert max(taken) > 0.1
        assert min(taken) < 0.05


def write_until_stopped(connection: socket.socket, *, most: int) -> int:
    """Write until nothing more is taken, and return how much was."""
    sent = 0
    while sent < most:
        try:
            sent += connection.send(b"x" * 65_536)
        except TimeoutError:
            break
    return sent


def test_a_reader_that_does_not_read_stops_the_writer() -> None:
    with rig("sink") as link, link.connect() as connection:
        name = link.toxic("flap", "upstream", period=60_000, duty=0)
        connection.settimeout(0.5)
        sent = write_until_stopped(connection, most=256 * 1024 * 1024)
        # What lies in between is bounded: buffers of the kernel, and a little of the link's.
        assert sent < 64 * 1024 * 1024
        link.heal(name)
        eventually(lambda: len(link.upstream.got[0]) == sent)
