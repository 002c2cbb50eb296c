"""Which colour each service has: given once, when it is first heard of, and kept.

Services of one trace differ, and beyond that the colours that fewest have are given first.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.conf import settings

from telemetry.models import ServiceColour, TraceService

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from telemetry.store.summaries import TraceDelta

COLOURS = 12
"""As many as the page has; the lab's own three are the first."""
OWN: Mapping[str, int] = settings.TELEMETRY_OWN_COLOURS
MOST_SERVICES = 500
"""How many have a colour of their own; names are a sender's, and may be endless."""
ORDER = (7, 5, 4, 8, 10, 3, 6, 9, 11, 0, 1, 2)
"""Which are given first: neighbours differ in hue too, and the lab's own may come at any time."""
_MOST_OTHERS = 500


class Colours:
    """Gives colours in the database ``alias``; for the one thread that writes to it."""

    def __init__(self, alias: str) -> None:
        self._alias = alias
        self._known: dict[str, int] | None = None

    def forget(self) -> None:
        """Read anew what a failed transaction may have made untrue."""
        self._known = None

    def give(self, added: Mapping[str, TraceDelta]) -> None:
        """Give a colour to each service of ``added``, by trace, that has none."""
        if self._known is None:
            rows = ServiceColour.objects.using(self._alias)
            self._known = dict(rows.values_list("service", "colour"))
        given: list[ServiceColour] = []
        for trace_id, delta in added.items():
            names = {name for name, _error_kind in delta.services}
            new = sorted(names - self._known.keys())
            if not new or len(self._known) + len(new) > MOST_SERVICES:
                continue
            beside = names | set(self._services_of(trace_id))
            for name in new:
                taken = Counter(self._known[each] for each in beside if each in self._known)
                colour = OWN.get(name, _least_used(taken, self._known.values()))
                self._known[name] = colour
                given.append(ServiceColour(service=name, colour=colour))
        ServiceColour.objects.using(self._alias).bulk_create(given, ignore_conflicts=True)

    def _services_of(self, trace_id: str) -> Iterable[str]:
        stored = TraceService.objects.using(self._alias).filter(trace_id=trace_id)
        return stored.values_list("service", flat=True)[:_MOST_OTHERS]


def _least_used(taken: Counter[int], everywhere: Iterable[int]) -> int:
    overall = Counter(everywhere)
    return min(ORDER, key=lambda colour: (taken[colour], overall[colour]))
