"""A trace's outline packed into columns of numbers, as the page draws a large one.

A head of JSON with its length before it in four bytes, then the columns that it names, one after
the other, little-endian, each at a multiple of eight bytes. Ids and texts are numbered in the order
in which they stand; columns hold their numbers. Times are nanoseconds since ``base`` as
floating-point numbers, which is exact within 104 days of it.
"""

from __future__ import annotations

import sys
from array import array
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import orjson

from telemetry.reading import queries
from telemetry.reading.wire import asked_for, cut, has_more, what_happened

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_SPANS = 1_000_000
"""Of a larger trace the rest comes in pieces."""

KINDS = ("UNSPECIFIED", "INTERNAL", "CLIENT", "PRODUCER", "SERVER", "CONSUMER")
STATES = ("open", "ended", "abandoned")
START_UNKNOWN = 1
FAILED = 2
NONE: Final = 0xFFFFFFFF
"""In a column of numbers: none."""

_PIECE = 20_000
_ALIGNMENT = 8
_KIND = {kind: number for number, kind in enumerate(KINDS)}
_STATE = {state: number for number, state in enumerate(STATES)}


def pack(trace_id: str) -> bytes:
    """Pack the outline of a trace; it is read in pieces, so that no more than one is held whole."""
    packer = _Packer()
    for rows in queries.outline_pieces(trace_id, limit=MAX_SPANS, piece=_PIECE):
        packer.add(rows)
    return packer.packed(more=packer.count == MAX_SPANS)


class _Numbers(dict[str, int]):
    """Texts, each with the number that it was given."""

    def __missing__(self, text: str) -> int:
        self[text] = number = len(self)
        return number


class _Packer:
    """Takes in rows of an outline."""

    def __init__(self) -> None:
        self.count = 0
        self._last = 0
        self._base: int | None = None
        self._ids = _Numbers()
        self._texts = _Numbers()
        numbers = ("id", "parent", "name", "target", "service", "error", "eventCount", "eventName")
        self._numbers = {name: array("I") for name in numbers}
        self._times = {name: array("d") for name in ("start", "end", "eventAt")}
        self._bytes = {name: bytearray() for name in ("kind", "state", "flags")}

    def add(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Take in rows of `queries.OUTLINE`."""
        seqs, ids, parents, names, kinds, services, *ends = zip(*rows, strict=True)
        starts, ended, statuses, states, contents = ends
        numbers, texts = self._numbers, self._texts
        numbers["id"].extend(map(self._ids.__getitem__, ids))
        numbers["parent"].extend([self._ids[each] if each else NONE for each in parents])
        numbers["name"].extend([texts[cut(each)] for each in names])
        asked = map(asked_for, names, contents)
        numbers["target"].extend([texts[each] if each else NONE for each in asked])
        numbers["service"].extend(map(texts.__getitem__, services))
        self._bytes["kind"].extend(map(_KIND.__getitem__, kinds))
        self._bytes["state"].extend(map(_STATE.__getitem__, states))
        self._bytes["flags"].extend([0 if each else START_UNKNOWN for each in starts])
        self._add_times(starts, ended)
        self._add_outcomes(kinds, statuses, contents)
        self.count += len(rows)
        self._last = seqs[-1]

    def _add_outcomes(
        self, kinds: Sequence[Any], statuses: Sequence[Any], contents: Sequence[str]
    ) -> None:
        """Take in how spans failed, and their events: of most there is neither."""
        numbers, texts, flags = self._numbers, self._texts, self._bytes["flags"]
        first = len(numbers["error"])
        numbers["error"].extend([NONE] * len(kinds))
        numbers["eventCount"].extend([0] * len(kinds))
        happened = zip(count(first), kinds, statuses, contents, strict=False)
        for place, kind, status, data in happened:
            if status != "ERROR" and not has_more(data):
                continue
            error_kind, events = what_happened(kind, status, data)
            if status == "ERROR" or error_kind is not None:
                flags[place] |= FAILED
            if error_kind is not None:
                numbers["error"][place] = texts[str(error_kind)]
            numbers["eventCount"][place] = len(events)
            for name, at in events:
                numbers["eventName"].append(texts[name])
                self._times["eventAt"].append(at - (self._base or 0))

    def packed(self, *, more: bool) -> bytes:
        """Return all of it; ``more`` where it is not the whole trace."""
        ids = array("I", bytes.fromhex("".join(self._ids)))
        if sys.byteorder == "little":
            ids.byteswap()
        columns: dict[str, array[Any]] = {"ids": ids, **self._numbers, **self._times}
        parts = {name: self._bytes_of(column) for name, column in columns.items()}
        parts |= {name: bytes(column) for name, column in self._bytes.items()}
        head = {
            "base": None if self._base is None else str(self._base),
            "count": self.count,
            "last": self._last,
            "next": self._last if more else None,
            "texts": list(self._texts),
            "columns": {name: len(part) for name, part in parts.items()},
        }
        return b"".join(map(_aligned, (_with_length(orjson.dumps(head)), *parts.values())))

    def _add_times(self, starts: Sequence[int], ends: Sequence[int]) -> None:
        if self._base is None:
            # A start of 0 is unknown.
            self._base = next((each for each in (*starts, *ends) if each), None)
        base = self._base or 0
        pairs = zip(starts, ends, strict=True)
        self._times["start"].extend([(start or end or base) - base for start, end in pairs])
        self._times["end"].extend([end - base if end else float("nan") for end in ends])

    @staticmethod
    def _bytes_of(column: array[Any]) -> bytes:
        if sys.byteorder == "big":
            column.byteswap()
        return column.tobytes()


def _with_length(head: bytes) -> bytes:
    return len(head).to_bytes(4, "little") + head


def _aligned(part: bytes) -> bytes:
    return part + bytes(-len(part) % _ALIGNMENT)
