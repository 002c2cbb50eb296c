"""A made-up system: five services, a hub in their middle, and a ring around it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from systems.file import parse
from systems.running import RUNNING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from systems.system import System

RING = ("north", "east", "south", "west")
"""Each calls the next over a link ``north-to-east``, …; the hub calls all but the client."""


def five(*, first_port: int = 21_000) -> System:
    """Describe it. The hub and the ring are started, but for west: a store that others run."""
    parts = [_service("hub", first_port, more='ready = "/healthz"\ninstances = 1\n')]
    parts += [_service(each, first_port + n) for n, each in enumerate(RING[:3], start=1)]
    parts += [f'[[service]]\nname = "west"\nurl = "tcp://127.0.0.1:{first_port + 4}"\n']
    ends = [("client", "hub"), *(("hub", each) for each in RING)]
    ends += zip(RING, (*RING[1:], RING[0]), strict=True)
    for number, (sender, receiver) in enumerate(ends):
        protocol = "tcp" if receiver == "west" else "http"
        parts.append(
            f'[[link]]\nname = "{sender}-to-{receiver}"\nfrom = "{sender}"\nto = "{receiver}"\n'
            f'listen = "127.0.0.1:{first_port + 10 + number}"\nprotocol = "{protocol}"\n'
        )
    system = parse('title = "Five"\n' + "".join(parts), path=Path(__file__))
    upstreams = {each.name: each.url.partition("://")[2] for each in system.services}
    links = (replace(each, upstream=upstreams[each.receiver]) for each in system.links)
    return replace(system, links=tuple(links))


@contextmanager
def running(system: System) -> Iterator[None]:
    """Let ``system`` be the one that this process knows."""
    before, RUNNING.system = RUNNING.system, system
    try:
        yield
    finally:
        RUNNING.system = before


def _service(name: str, port: int, *, more: str = "") -> str:
    return (
        f'[[service]]\nname = "{name}"\ntitle = "{name.title()}"\n'
        f'url = "http://127.0.0.1:{port}"\ncommand = ["python", "{name}.py"]\n{more}'
    )
