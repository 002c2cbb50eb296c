"""The system as it is now: what its file says, and what others have added while it runs."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from systems.current import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from systems.system import System, SystemLink


class RunningSystem:
    """A system with the links that were attached to it; thread-safe.

    The file's own come first and stay; an attached link of the same name is left out.
    """

    def __init__(self, system: System) -> None:
        self._own = system
        self._lock = threading.Lock()
        self.system = system
        self.callers: Mapping[int, str] = {}
        """Who was seen to call a port, by its number."""

    def attach(
        self, links: Iterable[SystemLink], broken_by_others: Iterable[tuple[str, str]] = ()
    ) -> bool:
        """Take ``links`` in the place of those attached before; return whether that is a change.

        ``broken_by_others`` is what others have done to any link.
        """
        own = self._own.targets
        added = tuple(each for each in links if each.name not in own)
        broken = frozenset(broken_by_others)
        return self._change(links=(*self._own.links, *added), broken_by_others=broken)

    def saw_calls(self, calls: Iterable[tuple[str, str]]) -> bool:
        """Take ``calls`` in the place of those seen before; return whether that is a change."""
        return self._change(calls=frozenset(calls))

    def _change(self, **fields: Any) -> bool:
        with self._lock:
            before, self.system = self.system, replace(self.system, **fields)
            return self.system != before


RUNNING: Final = RunningSystem(SYSTEM)
