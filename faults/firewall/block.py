"""A block of the firewall: packets of some TCP ports, in one direction or both. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from faults.errors import FirewallError
from systems.running import RUNNING

if TYPE_CHECKING:
    from collections.abc import Mapping

    Direction = Literal["in", "out", "both"]

LONGEST_SECONDS = 3_600
DEFAULT_SECONDS = 60
PREFIX = "partition_lab_"
_NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")
_MAX_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Block:
    """Packets that a host no longer receives or sends.

    ``serves`` are the ports on which the host is called, ``calls`` those that it calls. ``loss`` is
    the share of the packets that is dropped, ``reject`` answers a RST instead of nothing.
    ``seconds`` is how long it lasts, also when its maker has been killed.
    """

    name: str
    serves: tuple[int, ...]
    calls: tuple[int, ...]
    direction: Direction = "both"
    loss: float = 1.0
    reject: bool = False
    seconds: float = DEFAULT_SECONDS

    def __post_init__(self) -> None:
        """Validate every field: they become parts of commands.

        :raises FirewallError: a name, port, share or time is out of its range.
        """
        if not _NAME.fullmatch(self.name):
            raise FirewallError("a block's name is made of a-z, 0-9 and _")
        if not (self.serves or self.calls):
            raise FirewallError("a block needs a port")
        if not all(0 < port <= _MAX_PORT for port in (*self.serves, *self.calls)):
            raise FirewallError(f"a port is a number from 1 to {_MAX_PORT}")
        if not 0 < self.loss <= 1:
            raise FirewallError("the loss must be over 0 % and at most 100 %")
        if not 0 < self.seconds <= LONGEST_SECONDS:
            raise FirewallError(f"a block lasts over 0 s and at most {LONGEST_SECONDS} s")

    @property
    def stops_in(self) -> bool:
        """Whether packets to the host are stopped."""
        return self.direction in ("in", "both")

    @property
    def stops_out(self) -> bool:
        """Whether packets from the host are stopped."""
        return self.direction in ("out", "both")


def ports_of(target: str, *, links: Mapping[str, int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the ports on which ``target`` is called, and those that it calls.

    ``links`` maps each link to the port on which it listens. Only these carry the lab's faults: the
    services' own ports stay open, since telemetry and control go there.

    :raises FirewallError: there is no such target.
    """
    if target in links:
        return (links[target],), ()
    system = RUNNING.system
    if target not in system.service_names:
        raise FirewallError(f"the target must be one of {', '.join(system.targets)}")
    serves = tuple(links[each.name] for each in system.links_to(target))
    return serves, tuple(links[each.name] for each in system.links_from(target))
