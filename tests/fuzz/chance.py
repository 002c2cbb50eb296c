"""Texts, numbers and JSON that callers send by mistake or on purpose, by a seed."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TEXTS = (
    "",
    " ",
    "0",
    "1",
    "-1",
    "1e999",
    "NaN",
    "null",
    "true",
    "a" * 300,
    "9" * 400,
    "9" * 5_000,
    "[" * 3_000,
    "あ名",
    "\u202egnp",
    "\x00",
    "x\x00y",
    "\x1b]0;title\x07",
    "a\r\nX-Injected: 1",
    "../../etc/passwd",
    "%00",
    "%ff%fe",
    "'; DROP TABLE orders; --",
    "<script>alert(1)</script>",
    "0001-01-01",
    "9999-12-31T23:59:59Z",
    "2026-02-30",
    "00000000-0000-0000-0000-000000000000",
    "0" * 32,
    "f" * 32,
    "F" * 16,
    "zz" * 16,
    "\ud800",
    "__proto__",
)
NUMBERS: Sequence[Any] = (0, 1, -1, 2**31 - 1, 2**31, 2**53 + 1, 2**63 - 1, 2**63, 2**64, -(2**63))
NUMBERS = (*NUMBERS, 10**30, 0.1, -0.0, 1e308, float("nan"), float("inf"), 1e-320)
_DEEPEST = 60


class Chance(random.Random):
    """One seed's choices; the same seed, the same fuzz."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.known: list[str] = []
        """Ids and names that the lab has given or knows."""

    def often(self, share: float) -> bool:
        """Return True in ``share`` of all calls."""
        return self.random() < share

    def text(self) -> str:
        """Return a text, some of them the lab's own."""
        if self.known and self.often(0.4):
            return self.choice(self.known)
        if self.often(0.1):
            return "".join(chr(self.randrange(1, 0xD7FF)) for _ in range(self.randrange(20)))
        return self.choice(TEXTS)

    def value(self, depth: int = 0) -> Any:
        """Return any JSON value, now and then a deep or a wide one."""
        if depth == 0 and self.often(0.03):
            return self._deep()
        if depth < 3 and self.often(0.35):
            size = self.randrange(4)
            if self.often(0.5):
                return [self.value(depth + 1) for _ in range(size)]
            return {self.text(): self.value(depth + 1) for _ in range(size)}
        return self.choice([None, self.often(0.5), self.choice(NUMBERS), self.text(), self.text()])

    def _deep(self) -> Any:
        value: Any = 1
        for _ in range(self.randrange(_DEEPEST)):
            value = [value] if self.often(0.5) else {"a": value}
        return value

    def changed(self, value: Any, *, share: float = 0.15) -> Any:
        """Return ``value`` with some of its parts exchanged, left out or added."""
        if self.often(share):
            return self.value()
        if isinstance(value, dict):
            kept = {k: self.changed(v, share=share) for k, v in value.items()}
            if kept and self.often(share):
                kept.pop(self.choice(list(kept)))
            if self.often(share):
                kept[self.text()] = self.value()
            return kept
        if isinstance(value, list):
            listed = [self.changed(each, share=share) for each in value]
            return listed * self.randrange(4) if self.often(share) else listed
        return value

    def cut(self, data: bytes) -> bytes:
        """Return ``data`` with some of its bytes changed, removed or repeated."""
        changed = bytearray(data)
        for _ in range(self.randrange(1, 4)):
            at = self.randrange(len(changed) + 1)
            match self.randrange(4):
                case 0:
                    changed[at : at + 1] = self.randbytes(1)
                case 1:
                    del changed[at : at + self.randrange(1, 40)]
                case 2:
                    changed[at:at] = self.randbytes(self.randrange(1, 8))
                case _:
                    changed[at:at] = changed[at : at + 20] * self.randrange(1, 200)
        return bytes(changed)

    def pick(self, weighted: Mapping[Any, float]) -> Any:
        """Choose a key by its weight."""
        return self.choices(list(weighted), weights=list(weighted.values()))[0]
