"""A network namespace of its own for one process: a host with its own address, on Linux.

The namespace is joined to this one by a pair of virtual Ethernet devices with addresses out of
10.87.0.0/16, a /30 a pair: 10.87.N.1 on this side, 10.87.N.2 in the namespace.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from faults.firewall import system
from faults.firewall.block import Command

if TYPE_CHECKING:
    from collections.abc import Sequence

_PREFIX = "plab"
_MOST = 254


@dataclass(frozen=True, slots=True)
class Namespace:
    """A namespace and its number, from 1 to 254, which gives it its addresses."""

    name: str
    number: int

    def __post_init__(self) -> None:
        """Refuse a number that has no addresses."""
        if not 0 < self.number <= _MOST:
            raise ValueError(f"the number of a namespace is from 1 to {_MOST}")

    @property
    def outer_address(self) -> str:
        """Where those in the namespace reach this side."""
        return f"10.87.{self.number}.1"

    @property
    def inner_address(self) -> str:
        """Where this side reaches those in the namespace."""
        return f"10.87.{self.number}.2"

    def inside(self, argv: Sequence[str]) -> list[str]:
        """Return the command that runs ``argv`` in the namespace."""
        return ["ip", "netns", "exec", self.name, *argv]


def create(namespace: Namespace) -> None:
    """Make the namespace, its pair of devices and their addresses; one left over is replaced.

    :raises FirewallError: not permitted, or a command failed: nothing is left.
    """
    destroy(namespace)
    try:
        system.run(create_commands(namespace))
    except Exception:
        destroy(namespace)
        raise


def destroy(namespace: Namespace) -> None:
    """Remove the namespace with all that is in it; one that is not there is no error."""
    system.run(destroy_commands(namespace))


def create_commands(namespace: Namespace) -> list[Command]:
    """Return what makes the namespace and both ends of the pair."""
    outer, inner = _devices(namespace)
    name = namespace.name
    return [
        _ip("netns", "add", name),
        _ip("link", "add", outer, "type", "veth", "peer", "name", inner, "netns", name),
        _ip("address", "add", f"{namespace.outer_address}/30", "dev", outer),
        _ip("link", "set", outer, "up"),
        _ip("-n", name, "address", "add", f"{namespace.inner_address}/30", "dev", inner),
        _ip("-n", name, "link", "set", inner, "up"),
        _ip("-n", name, "link", "set", "lo", "up"),
    ]


def destroy_commands(namespace: Namespace) -> list[Command]:
    """Return what removes the pair and the namespace."""
    outer, _inner = _devices(namespace)
    return [
        Command(("ip", "link", "delete", outer), may_fail=True),
        Command(("ip", "netns", "delete", namespace.name), may_fail=True),
    ]


def _devices(namespace: Namespace) -> tuple[str, str]:
    return f"{_PREFIX}{namespace.number}a", f"{_PREFIX}{namespace.number}b"


def _ip(*words: str) -> Command:
    return Command(("ip", *words))
