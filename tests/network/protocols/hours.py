"""Clients of the ecosystem through links, for as long as is wanted.

``python -m tests.network.protocols.hours --minutes 180 --seed 7``

Each protocol has clients that ask and compare what comes back, byte by byte, some on a connection
that they keep, some on a new one each time. Meanwhile toxics come and go that change no byte. In
the end the links must hold no more descriptors than at first. The exit code is 1 when anything
came back otherwise, was an error, or stayed. ``--patience`` is how long a client waits for its
answer, and ``--rest`` how long it pauses after one, both in seconds: on a machine that does much
else beside, nothing else may be its error, and it must not take all of a core.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack, closing, nullcontext
from pathlib import Path

import psutil
import psycopg
import redis

from tests.network.protocols import sessions
from tests.network.protocols.sessions import PostgresSession, RedisSession, Spoken, spoken
from tests.network.rig import Rig, rig
from tests.support.processes import descriptors_of
from tests.support.servers import Servers, programs
from tests.support.waiting import eventually, let_pass

CLIENTS = 2
"""Of each protocol, one with a connection that it keeps, one with a new one for each exchange."""

LONGEST_BYTES = 20_000
REPORT_SECONDS = 60.0
TOXICS: tuple[tuple[str, dict[str, float]], ...] = (
    ("latency", {"latency": 5, "jitter": 5}),
    ("slicer", {"average_size": 500, "size_variation": 400, "delay": 100}),
    ("bandwidth", {"rate": 5_000}),
    ("flap", {"period": 200, "duty": 0.7}),
    ("packet_loss", {"loss_rate": 0.1, "retransmit": 10}),
    ("slow_close", {"delay": 20}),
    ("noop", {}),
)
"""They delay, and change no byte."""


class Run:
    """What the clients have seen so far."""

    def __init__(self, seed: int, *, rest_seconds: float = 0.0) -> None:
        self.seed = seed
        self.rest_seconds = rest_seconds
        self.until = 0.0
        self.exchanges: Counter[str] = Counter()
        self.sent_bytes = 0
        self.wrong: list[str] = []
        self._lock = threading.Lock()

    def goes_on(self) -> bool:
        """Whether its time is not over."""
        return time.monotonic() < self.until

    def ask(self, name: str, protocol: Spoken, port: int, *, number: int) -> None:
        """Exchange texts until the time is over."""
        chance = random.Random(f"{self.seed}/{name}/{number}")  # noqa: S311 (repeatable)
        while self.goes_on():
            try:
                with closing(protocol.connect(port)) as session:
                    for _ in range(1 if number else 1_000_000):
                        text = chance.randbytes(chance.randint(1, LONGEST_BYTES)).hex()
                        back = session.echo(text)
                        self._note(name, text, right=back == text)
                        let_pass(self.rest_seconds)
                        if not self.goes_on():
                            break
            except protocol.failures as error:
                self._fail(f"{name}, client {number}: {type(error).__name__}: {error}")

    def _note(self, name: str, text: str, *, right: bool) -> None:
        with self._lock:
            self.exchanges[name] += 1
            self.sent_bytes += len(text)
        if not right:
            self._fail(f"{name}: {len(text)} bytes came back otherwise")

    def _fail(self, what: str) -> None:
        with self._lock:
            self.wrong.append(what)
        sys.stdout.write(f"{what}\n")

    def disturb(self, links: list[Rig]) -> None:
        """Let toxics come and go."""
        chance = random.Random(f"{self.seed}/toxics")  # noqa: S311 (repeatable)
        while self.goes_on():
            link = chance.choice(links)
            kind, attributes = chance.choice(TOXICS)
            name = link.toxic(kind, chance.choice(("upstream", "downstream")), **attributes)
            let_pass(chance.uniform(0.05, 0.5))
            link.heal(name)

    def __str__(self) -> str:
        counted = ", ".join(f"{name} {count}" for name, count in sorted(self.exchanges.items()))
        return f"{counted}; {self.sent_bytes / 1e6:.0f} MB each way, {len(self.wrong)} wrong"


def protocols(stack: ExitStack) -> dict[str, Spoken]:
    """Return the protocols of which there are servers here."""
    directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    found = spoken(directory)
    if all(programs().values()):
        servers = stack.enter_context(Servers())
        # Any error of theirs is one too many here.
        errors = (psycopg.Error, redis.RedisError)
        found["redis"] = Spoken(lambda: nullcontext(servers.redis_port), RedisSession, errors)
        found["postgresql"] = Spoken(
            lambda: nullcontext(servers.postgres_port), PostgresSession, errors
        )
    else:
        sys.stdout.write("left out, there are no servers: postgresql, redis\n")
    return found


def main() -> int:
    """Run for the time that is asked for; return the exit code."""
    parser = argparse.ArgumentParser(description="Protocols through a link, for hours.")
    parser.add_argument("--minutes", type=float, default=180)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--patience", type=float, default=sessions.SECONDS)
    parser.add_argument("--rest", type=float, default=0)
    options = parser.parse_args()
    sessions.SECONDS = options.patience
    with ExitStack() as stack:
        run = Run(options.seed, rest_seconds=options.rest)
        links: list[Rig] = []
        threads: list[threading.Thread] = []
        for name, protocol in protocols(stack).items():
            port = stack.enter_context(protocol.serve())
            link = stack.enter_context(rig())
            assert link.call("PATCH", "/proxies/one", {"upstream": f"127.0.0.1:{port}"}).ok
            links.append(link)
            for number in range(CLIENTS):
                arguments = {"number": number}
                target = (name, protocol, link.port)
                threads.append(threading.Thread(target=run.ask, args=target, kwargs=arguments))
        before = [_held(link) for link in links]
        threads.append(threading.Thread(target=run.disturb, args=[links]))
        run.until = time.monotonic() + options.minutes * 60
        for thread in threads:
            thread.start()
        _report(run, links)
        for thread in threads:
            thread.join()
        most = sum(descriptors for descriptors, _ in before)
        eventually(lambda: sum(_held(link)[0] for link in links) <= most, seconds=10)
        grown = max(
            _held(link)[1] - memory for link, (_, memory) in zip(links, before, strict=True)
        )
        sys.stdout.write(f"{run}\nno descriptor stayed; memory grew by {grown:.0f} MiB at most\n")
        return 1 if run.wrong else 0


def _report(run: Run, links: list[Rig]) -> None:
    due = time.monotonic() + REPORT_SECONDS
    while run.goes_on():
        let_pass(0.2)
        if time.monotonic() >= due:
            due += REPORT_SECONDS
            memory = max(_held(link)[1] for link in links)
            sys.stdout.write(f"{run}; {memory:.0f} MiB a link at most\n")
            sys.stdout.flush()


def _held(link: Rig) -> tuple[int, float]:
    """Count a link's descriptors, and its memory in MiB."""
    process = psutil.Process(link.pid)
    return descriptors_of(process), process.memory_info().rss / 2**20


if __name__ == "__main__":
    sys.exit(main())
