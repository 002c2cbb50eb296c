"""What many ask at the same moment is read once."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable

T = TypeVar("T")

_OLDEST_SECONDS: Final = 0.2
"""For how long an answer is given to others, while some still wait for it."""


@dataclass
class _Asked(Generic[T]):
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    answers: list[T] = field(default_factory=list)
    began: float = 0.0

    def is_old(self) -> bool:
        return bool(self.answers) and time.monotonic() - self.began > _OLDEST_SECONDS


class Sharing(Generic[T]):
    """Nothing is kept once nobody waits; where reading fails the next one reads for itself."""

    def __init__(self) -> None:
        self._asked: dict[Hashable, _Asked[T]] = {}

    async def read(self, key: Hashable, reading: Callable[[], Awaitable[T]]) -> T:
        """Return what ``reading`` gives, or gave to another that asked for ``key`` just now."""
        asked = self._asked.get(key)
        if asked is None or asked.is_old():
            asked = self._asked[key] = _Asked()
        asked.waiting += 1
        try:
            async with asked.lock:
                if not asked.answers:
                    asked.began = time.monotonic()
                    asked.answers = [await reading()]
                return asked.answers[0]
        finally:
            asked.waiting -= 1
            if not asked.waiting and self._asked.get(key) is asked:
                del self._asked[key]
