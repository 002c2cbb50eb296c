"""What a block of the firewall stops: packets of some TCP ports, in one direction or both. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    Direction = Literal["in", "out", "both"]

LONGEST_SECONDS = 3_600
DEFAULT_SECONDS = 60
PREFIX = "partition_lab_"
_NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")
_MAX_PORT = 65_535


class FirewallError(Exception):
    """A block that can't be made on this system, or whose commands failed; the text says why."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its arguments, and what it reads from its standard input."""

    argv: tuple[str, ...]
    stdin: str = ""
    may_fail: bool = False

    def shown(self) -> str:
        """Return the line that a person would type."""
        line = " ".join(_quoted(word) for word in self.argv)
        return f"{line} <<'EOF'\n{self.stdin}EOF" if self.stdin else line


@dataclass(frozen=True, slots=True)
class Block:
    """Packets that a host does not get or send any more.

    ``serves`` are the ports on which the host is called, ``calls`` those that it calls. ``loss`` is
    the share of the packets that is dropped, ``reject`` answers a RST instead of nothing.
    ``seconds`` is how long it lasts, whatever happens to whoever made it.
    """

    name: str
    serves: tuple[int, ...]
    calls: tuple[int, ...]
    direction: Direction = "both"
    loss: float = 1.0
    reject: bool = False
    seconds: float = DEFAULT_SECONDS

    def __post_init__(self) -> None:
        """Refuse what no command may be made of.

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
    if target == "worker":
        return (links["api-to-worker"],), (links["worker-to-api"],)
    if target == "api":
        return (links["client-to-api"], links["worker-to-api"]), (links["api-to-worker"],)
    raise FirewallError(f"the target must be one of worker, api, {', '.join(links)}")


def _quoted(word: str) -> str:
    return word if re.fullmatch(r"[\w@%+=:,./-]+", word) else f'"{word}"'
