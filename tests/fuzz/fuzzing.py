"""The fuzz itself: call after call at every entrance, and the lab as it was afterwards."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psutil

from tests.fuzz import judge
from tests.fuzz.calls import names
from tests.fuzz.chance import Chance
from tests.fuzz.entrances import entrances
from tests.fuzz.live import open_page
from tests.fuzz.wire import DroppedError, send
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fuzz.entrances import Entrance
    from tests.fuzz.wire import Answer, Call
    from tests.support.processes import LabProcesses

PAGE = "page"
MOST_GROWN_BYTES = 120 * 1024 * 1024
"""By how much a process may have grown after a fuzz: caches fill, and telemetry waits."""

_RESTORED_EVERY = 20
_MOST_FINDINGS = 20
_WARM_SHARE = 0.3


@dataclass
class Findings:
    """What was called how often, and what was wrong."""

    seed: int
    called: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0
    grown: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        """Describe them in a few lines."""
        calls = ", ".join(f"{count} {name}" for name, count in sorted(self.called.items()))
        grown = ", ".join(f"{name} {size / 2**20:+.0f} MiB" for name, size in self.grown.items())
        first = f"seed {self.seed}: {calls}; slowest {self.slowest:.2f} s; grown: {grown}"
        return "\n".join([first, *self.wrong])


class Fuzz:
    """One fuzz of one running lab."""

    def __init__(self, lab: LabProcesses, *, seed: int) -> None:
        self._lab = lab
        self._secret = (lab.directory / "var" / "secret").read_text(encoding="ascii").strip()
        self._entrances = entrances(lab, self._secret)
        self._turns: list[Entrance | None] = []
        self._chance = Chance(seed)
        self.findings = Findings(seed)
        self._read_bytes = 0

    def run(self, seconds: float) -> Findings:
        """Call for ``seconds``, or until there is enough that is wrong."""
        self._chance.known = [*names(), *self._ids()]
        began = time.monotonic()
        warm = self._memory()
        while (passed := time.monotonic() - began) < seconds:
            if passed < seconds * _WARM_SHARE:
                warm = self._memory()
            if (entrance := self._next()) is None:
                self._note(PAGE, open_page(self._chance, self._lab.ports["OBSERVER"]))
            else:
                self._fuzz(entrance)
            if len(self.findings.wrong) >= _MOST_FINDINGS:
                break
        self._look_at_the_lab()
        now = self._memory()
        self.findings.grown = {name: now[name] - warm.get(name, now[name]) for name in now}
        for name, grown in self.findings.grown.items():
            if grown > MOST_GROWN_BYTES:
                self.findings.wrong.append(f"{name} has grown by {grown / 2**20:.0f} MiB")
        return self.findings

    def _next(self) -> Entrance | None:
        """Return whose turn it is, None for a page; each has one before any has another."""
        if not self._turns:
            self._turns = [*self._entrances, None]
            self._chance.shuffle(self._turns)
        return self._turns.pop()

    def _fuzz(self, entrance: Entrance) -> None:
        """Make some calls at one entrance, then take back what they did."""
        for _ in range(self._chance.randrange(1, _RESTORED_EVERY)):
            call = entrance.call(self._chance)
            self._new_log()
            self._note(entrance.name, self._wrong_with(entrance, call))
            if "Traceback" in (log := self._new_log()):
                self.findings.wrong.append(f"{entrance.name}: a traceback by {call}\n{log[-3000:]}")
            if _may_have_changed(call):
                entrance.restore()

    def _new_log(self) -> str:
        """Return what the lab's processes have printed since the last time."""
        with self._lab.log_path.open("rb") as log:
            log.seek(self._read_bytes)
            new = log.read()
        self._read_bytes += len(new)
        return new.decode("utf-8", "replace")

    def _wrong_with(self, entrance: Entrance, call: Call) -> Iterator[str]:
        shape = entrance.shape(call)
        found = [*self._faults_of(entrance, call, shape)]
        if found and all("answered after" in each for each in found):
            # A busy machine may hold up any answer once.
            found = [*self._faults_of(entrance, call, shape)]
        for each in found:
            yield f"{each} to {call}"

    def _faults_of(self, entrance: Entrance, call: Call, shape: judge.Shape) -> Iterator[str]:
        try:
            answer: Answer = send(entrance.port, call)
        except DroppedError as error:
            yield f"dropped ({error})"
            return
        self.findings.slowest = max(self.findings.slowest, answer.seconds)
        yield from judge.faults_of(call, answer, shape)
        yield from entrance.faults_of(call, answer)

    def _note(self, name: str, wrong: Iterator[str]) -> None:
        self.findings.called[name] += 1
        self.findings.wrong += [f"{name}: {each}" for each in wrong]

    def _ids(self) -> Iterator[str]:
        """Yield ids of an order that there is, and of its trace."""
        placed = self._lab.place_order().json()
        yield from (placed["orderId"], placed["requestId"])
        trace = eventually(lambda: self._lab.trace_of(placed["orderId"]), seconds=20)
        yield trace["traceId"]
        yield from [span["spanId"] for span in trace["spans"]]

    def _look_at_the_lab(self) -> None:
        """Fail unless the lab takes an order as before, and shows it."""
        self._lab.restore()
        for port in ("OBSERVER", "API", "WORKER", "TOXIPROXY", "CONTROL"):
            url = f"http://127.0.0.1:{self._lab.ports[port]}/readyz"
            eventually(_is_ready(self._lab, url), seconds=20)
        request_id = str(uuid.uuid4())
        placed = self._lab.session.post(
            f"{self._lab.client_url}/orders",
            json={},
            headers={"X-Request-Id": request_id},
            timeout=15,
        )
        assert placed.status_code == 201, placed.text
        assert placed.json()["status"] in ("CONFIRMED", "REJECTED"), placed.text
        eventually(lambda: len(self._lab.logs_of(request_id)) >= 7, seconds=20)

    def _memory(self) -> dict[str, int]:
        listed = self._lab.session.get(
            f"http://127.0.0.1:{self._lab.ports['CONTROL']}/processes",
            headers={"X-Lab-Secret": self._secret},
            timeout=10,
        ).json()["processes"]
        return {
            each["name"]: psutil.Process(each["pid"]).memory_info().rss
            for each in listed
            if each["pid"]
        }


def _is_ready(lab: LabProcesses, url: str) -> Callable[[], bool]:
    return lambda: lab.session.get(url, timeout=10).ok


def _may_have_changed(call: Call) -> bool:
    return call.method in ("POST", "PATCH", "DELETE", "PUT") and not call.target.startswith("/v1/")
