"""The spans of one trace as a tree, and how long each ran while none of its children did."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_MOST_SHARING = 16
_CALLERS = ("CLIENT", "PRODUCER")
_CALLEES = ("SERVER", "CONSUMER")


class Timed(NamedTuple):
    """What a comparison needs of a span; times in Unix nanoseconds, 0 where none is on record."""

    span_id: str
    parent_id: str
    name: str
    kind: str
    service: str
    start_ns: int
    end_ns: int
    status: str
    error_kind: str


class Visit(NamedTuple):
    """A span in its place of the tree; ``parent`` is the place of the one above it, -1 for none."""

    place: int
    parent: int
    length_ns: int
    self_ns: int


class Tree:
    """Puts spans below their parents, as the page does: what is reported is distrusted.

    A parent may be missing, or be its own descendant; every span is visited once.
    """

    def __init__(self, spans: Sequence[Timed]) -> None:
        self._spans = spans
        self._starts = [span.start_ns or span.end_ns for span in spans]
        # What has not ended goes on until the end of what is known of the trace.
        last = max((max(span.start_ns, span.end_ns) for span in spans), default=0)
        self._ends = [
            max(start, span.end_ns or last) for start, span in zip(self._starts, spans, strict=True)
        ]
        self._children: dict[int, list[int]] = {}
        self._seen = bytearray(len(spans))

    def visits(self) -> Iterator[Visit]:
        """Go through all spans: parents first, children by their starts."""
        roots = self._roots()
        by_start = self._starts.__getitem__
        for children in self._children.values():
            children.sort(key=by_start)
        for root in sorted(roots, key=by_start):
            yield from self._below(root)
        # What is left is in a cycle of parents: it is entered where it starts first.
        for place in sorted(range(len(self._spans)), key=by_start):
            if not self._seen[place]:
                yield from self._below(place)

    def _roots(self) -> list[int]:
        parent_of = _parents(self._spans)
        roots = []
        for place, span in enumerate(self._spans):
            parent = parent_of(span)
            if parent is None:
                roots.append(place)
            else:
                self._children.setdefault(parent, []).append(place)
        return roots

    def _below(self, root: int) -> Iterator[Visit]:
        self._seen[root] = 1
        waiting = [(root, -1)]
        while waiting:
            place, parent = waiting.pop()
            children = [each for each in self._children.get(place, ()) if not self._seen[each]]
            for each in children:
                self._seen[each] = 1
            start, end = self._starts[place], self._ends[place]
            yield Visit(place, parent, end - start, self._uncovered(start, end, children))
            waiting.extend((each, place) for each in reversed(children))

    def _uncovered(self, start: int, end: int, children: Sequence[int]) -> int:
        """How much of a time none of ``children``, by their starts, ran in."""
        left, covered_until = end - start, start
        for child in children:
            begin, until = max(self._starts[child], covered_until), min(self._ends[child], end)
            if until > begin:
                left -= until - begin
                covered_until = until
        return left


def _parents(spans: Sequence[Timed]) -> Callable[[Timed], int | None]:
    """Find a span's parent by the ids; where both sides of a call share one, the callee's is below.

    What names such an id as its parent stands below the one of its own service.
    """
    first, sharing = _by_id(spans)

    def parent_of(span: Timed) -> int | None:
        if span.kind in _CALLEES:
            for place in sharing.get(span.span_id, ()):
                if spans[place].kind in _CALLERS:
                    return place
        if not span.parent_id or span.parent_id == span.span_id:
            return None
        for place in sharing.get(span.parent_id, ()):
            if spans[place].service == span.service:
                return place
        return first.get(span.parent_id)

    return parent_of


def _by_id(spans: Sequence[Timed]) -> tuple[dict[str, int], dict[str, list[int]]]:
    """Find the first span of each id, and all of an id that several share."""
    first: dict[str, int] = {}
    sharing: dict[str, list[int]] = {}
    for place, span in enumerate(spans):
        known = first.setdefault(span.span_id, place)
        if known != place:
            several = sharing.setdefault(span.span_id, [known])
            if len(several) < _MOST_SHARING:
                several.append(place)
    return first, sharing
