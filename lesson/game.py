"""The mystery that is on: one at a time in a lab, its fault set for real, hidden, and healed."""

from __future__ import annotations

import secrets
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings
from django.utils.translation import gettext as _

from base.lab import Lab
from lesson import mystery
from lesson.suspects import SUSPECTS, named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lesson.mystery import Verdict
    from lesson.suspects import Look

LIMIT_SECONDS = 300
MOST_ORDERS = 20
SET_BY = "mystery"

_NANOS = 1_000_000_000
_TIMEOUT_SECONDS = 20

LAB = Lab(settings.LAB_URLS, timeout_seconds=_TIMEOUT_SECONDS)
"""The lab as this room meets it: over HTTP, like any page or script."""


class NotReadyError(Exception):
    """A mystery can't begin in a lab that is not whole; the text says what is in the way."""


class NoMysteryError(Exception):
    """There is no mystery that could be answered."""


class NoOrderError(Exception):
    """Nothing can be named before an order was seen."""


@dataclass(frozen=True, slots=True)
class Mystery:
    """One mystery. ``ended_ns`` is when its fault was healed, or will heal by itself."""

    id: str
    seed: str
    truth: str
    fault_id: str
    began_ns: int
    ended_ns: int
    status: Literal["on", "answered", "left"] = "on"
    answer: Mapping[str, Any] | None = None


class Game:
    """Begins, shows, judges and ends mysteries."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._mystery: Mystery | None = None

    def begin(self, seed: str, *, prepare: bool = False) -> dict[str, Any]:
        """Hide the fault of ``seed`` in the lab and return the state; the one before ends.

        :raises NotReadyError: something is in force that would be mistaken for it; with
            ``prepare``, faults are healed and defences turned off first.
        :raises LabError: the lab could not be asked.
        """
        with self._lock:
            self._end("left")
            _make_ready(prepare=prepare)
            suspect = mystery.choose(seed)
            began = time.time_ns()
            fault_id = ""
            if suspect.fault is not None:
                hidden = {"ttlSeconds": LIMIT_SECONDS, "setBy": SET_BY, "hidden": True}
                fault_id = LAB.set_fault({**suspect.fault, **hidden})["id"]
            self._mystery = Mystery(
                secrets.token_hex(6),
                seed,
                suspect.name,
                fault_id,
                began,
                began + LIMIT_SECONDS * _NANOS,
            )
            return self._state()

    def state(self) -> dict[str, Any]:
        """Describe the mystery as the API's side sees it, and the list of suspects.

        :raises LabError: the lab could not be asked.
        """
        with self._lock:
            return self._state()

    def answer(self, given: object) -> dict[str, Any]:
        """Judge the suspects that are named, heal the fault, and return the state with the truth.

        :raises mystery.BadNamesError: they are no suspects.
        :raises NoMysteryError: none is on.
        :raises NoOrderError: no order has shown anything yet.
        :raises LabError: the lab could not be asked.
        """
        names = mystery.read_names(given)
        with self._lock:
            on = self._mystery
            if on is None or on.status != "on":
                raise NoMysteryError(_("There is no mystery to answer: begin one."))
            looks = {each["look"] for each in _orders(on)} - {None}
            if not looks:
                raise NoOrderError(_("Place an order first, and wait for what its log says."))
            verdict = mystery.judge(names, truth=on.truth, looks=looks)
            self._mystery = replace(on, answer=_told(verdict, names, on.truth))
            self._end("answered")
            return self._state()

    def leave(self, mystery_id: str) -> bool:
        """Heal the fault of a mystery that is on; False when it is not this one.

        :raises LabError: the fault could not be healed; it ends by itself in time.
        """
        with self._lock:
            if self._mystery is None or self._mystery.id != mystery_id:
                return False
            self._end("left")
            return True

    def _end(self, status: Literal["answered", "left"]) -> None:
        on = self._mystery
        if on is None or on.status != "on":
            return
        if on.fault_id:
            LAB.heal(on.fault_id)
        self._mystery = replace(on, status=status, ended_ns=min(on.ended_ns, time.time_ns()))

    def _state(self) -> dict[str, Any]:
        suspects = [{"name": each.name, "title": str(each.title)} for each in SUSPECTS]
        on = self._mystery
        if on is None:
            return {"status": "none", "suspects": suspects, "limitSeconds": LIMIT_SECONDS}
        left = max(0, (on.ended_ns - time.time_ns()) // _NANOS) if on.status == "on" else 0
        return {
            "id": on.id,
            "seed": on.seed,
            "status": on.status,
            "limitSeconds": LIMIT_SECONDS,
            "remainingSeconds": left,
            "orders": [_order_json(each) for each in _orders(on)],
            "suspects": suspects,
            # In the reader's language, not in that of whoever answered.
            "verdict": None if on.answer is None else _verdict_json(on.answer),
        }


def _make_ready(*, prepare: bool) -> None:
    runs = LAB.runs()
    if runs and runs[0]["status"] == "running":
        raise NotReadyError(_("An experiment is running: wait for its end, or stop it."))
    defences_off = {name: False for name, on in LAB.defences().items() if on}
    if prepare:
        LAB.heal_all()
        if defences_off:
            LAB.switch_defences(defences_off)
        return
    if LAB.faults():
        raise NotReadyError(_("A fault is in force already, and would be mistaken for this one."))
    if defences_off:
        raise NotReadyError(_("A defence is on, and would cover the fault up."))


def _orders(on: Mystery) -> list[dict[str, Any]]:
    """The orders placed while the mystery was on, newest first, by the API's own log."""
    until_ns = min(on.ended_ns, time.time_ns())
    lines: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in sorted(LAB.logs(service="api"), key=_recorded_ns):
        if on.began_ns <= _recorded_ns(line) <= on.ended_ns and line["orderId"]:
            lines[line["orderId"]].append(line)
    placed = [
        order
        for order in LAB.newest_orders(MOST_ORDERS)
        if on.began_ns <= _nanos(order["createdAt"]) <= on.ended_ns
    ]
    return [
        {
            "orderId": order["orderId"],
            "status": order["status"],
            "traceId": next((line["traceId"] for line in lines[order["orderId"]]), None),
            "look": mystery.look(lines[order["orderId"]], until_ns=until_ns),
        }
        for order in placed
    ]


def _order_json(order: Mapping[str, Any]) -> dict[str, Any]:
    seen: Look | None = order["look"]
    return {
        **{key: order[key] for key in ("orderId", "status", "traceId")},
        "look": None if seen is None else mystery.words(seen),
    }


def _told(verdict: Verdict, names: frozenset[str], truth: str) -> dict[str, Any]:
    return {"verdict": verdict, "names": names, "truth": truth}


def _verdict_json(answer: Mapping[str, Any]) -> dict[str, Any]:
    verdict: Verdict = answer["verdict"]
    truth = named(answer["truth"])
    alike = [named(name) for name in verdict.fitting]
    return {
        "kind": verdict.kind,
        "points": verdict.points,
        "most": mystery.MOST_POINTS,
        "text": mystery.explain(verdict),
        "truth": {"name": truth.name, "title": str(truth.title)},
        "named": sorted(answer["names"]),
        "fitting": [
            {"name": each.name, "title": str(each.title), "elsewhere": str(each.elsewhere)}
            for each in alike
        ],
        "ruledOut": mystery.ruled_out(answer["names"], verdict.fitting),
    }


def _recorded_ns(line: Mapping[str, Any]) -> int:
    return int(line["timeUnixNano"])


def _nanos(moment: str) -> int:
    return round(datetime.fromisoformat(moment).timestamp() * 1e6) * 1_000


GAME = Game()
