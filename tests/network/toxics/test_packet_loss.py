"""packet_loss draws once a chunk and once a retransmission; retransmissions wait twice as long."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from network.direction import Chunk
from network.toxics.packet_loss import MAX_RETRANSMISSIONS, PacketLoss

if TYPE_CHECKING:
    from collections.abc import Sequence

NOW = 100.0


class Draws(random.Random):
    """Chance that is known beforehand."""

    def __init__(self, draws: Sequence[float]) -> None:
        super().__init__()
        self.left = list(draws)

    def random(self) -> float:
        return self.left.pop(0)


class Place:
    """A toxic's place in a link; keeps what the toxic did with each chunk."""

    def __init__(self, draws: Sequence[float]) -> None:
        self.random = Draws(draws)
        self.state: Any = None
        self.done: list[Any] = []

    def now(self) -> float:
        return NOW

    def send(self, data: bytes, *, received: float) -> None:
        self.done.append((data, received))

    def swallow(self) -> None:
        self.done.append("swallowed")

    def hold(self, chunk: Chunk, *, until: float) -> None:
        self.done.append((chunk.data, round(until - NOW, 6)))


def handled(toxic: PacketLoss, *draws: float, chunks: int = 1) -> list[Any]:
    """Return what the toxic did with so many chunks; every draw is used up."""
    place: Any = Place(draws)
    for _ in range(chunks):
        toxic.pipe(place, Chunk(b"data", 99.0))
    assert place.random.left == []
    return list(place.done)


SENT, SWALLOWED = (b"data", 99.0), "swallowed"


def test_a_chunk_is_lost_when_its_draw_is_below_the_rate() -> None:
    toxic = PacketLoss(loss_rate=0.5)
    assert handled(toxic, 0.499, 0.5, 0.0, 1.0, chunks=4) == [SWALLOWED, SENT, SWALLOWED, SENT]


def test_after_a_lost_chunk_the_next_is_lost_more_often_and_after_a_sent_one_not() -> None:
    toxic = PacketLoss(loss_rate=0.2, correlation=0.5)
    assert handled(toxic, 0.6, 0.1, 0.6, 0.9, 0.6, chunks=5) == [
        *(SENT, SWALLOWED, SWALLOWED, SENT, SENT)
    ]


@pytest.mark.parametrize(
    ("draws", "seconds"), [((0.0, 0.9), 0.2), ((0.0, 0.0, 0.9), 0.6), ((0.0, 0.0, 0.0, 0.9), 1.4)]
)
def test_a_retransmitted_chunk_comes_late_and_twice_as_late_each_time(
    draws: tuple[float, ...], seconds: float
) -> None:
    toxic = PacketLoss(loss_rate=0.5, retransmit=200)
    assert handled(toxic, *draws) == [(b"data", seconds)]


def test_retransmitting_gives_up_after_as_many_times_as_linux_does() -> None:
    assert MAX_RETRANSMISSIONS == 15
    toxic = PacketLoss(loss_rate=1, retransmit=1)
    ((_, seconds),) = handled(toxic, *[0.0] * 16)
    assert seconds == (2**16 - 1) / 1_000


def test_what_is_sent_at_once_is_not_retransmitted() -> None:
    assert handled(PacketLoss(loss_rate=0.5, retransmit=200), 0.5) == [SENT]
