"""Pages that ask for the same at once share one reading, and no failure or old answer of others."""

from __future__ import annotations

import asyncio

import pytest

from telemetry.live import sharing
from telemetry.live.sharing import Sharing
from tests.support.waiting import let_pass_async


class Reading:
    """Counts how often it is read; each takes a moment."""

    def __init__(self) -> None:
        self.times = 0
        self.fails = 0

    async def __call__(self) -> int:
        self.times += 1
        number = self.times
        await let_pass_async(0.01)
        if number <= self.fails:
            raise ValueError(number)
        return number


async def test_who_asks_at_once_shares_and_who_asks_later_does_not() -> None:
    shared, reading = Sharing[int](), Reading()
    assert await asyncio.gather(*(shared.read("a", reading) for _ in range(5))) == [1] * 5
    assert await asyncio.gather(*(shared.read(key, reading) for key in "ab")) == [2, 3]
    assert shared._asked == {}


async def test_one_that_fails_or_leaves_is_followed_by_the_next() -> None:
    shared, reading = Sharing[int](), Reading()
    reading.fails = 1
    first, *others = [asyncio.create_task(shared.read("a", reading)) for _ in range(4)]
    with pytest.raises(ValueError, match="1"):
        await first
    others[0].cancel()
    assert await asyncio.gather(*others[1:]) == [3, 3]
    assert shared._asked == {}


async def test_an_answer_that_has_become_old_is_not_given_to_who_comes_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sharing, "_OLDEST_SECONDS", -1.0)
    shared, reading = Sharing[int](), Reading()
    waiting = [asyncio.create_task(shared.read("a", reading)) for _ in range(3)]
    await waiting[0]
    assert await shared.read("a", reading) == 2
    assert await asyncio.gather(*waiting) == [1, 1, 1]
