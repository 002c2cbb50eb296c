"""A Linux network namespace for one process: a host with its own address.

The namespace is joined to this one by a pair of virtual Ethernet devices with addresses out of
10.87.0.0/16, a /30 a pair: 10.87.N.1 on this side, 10.87.N.2 in the namespace.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from base.process import commands
from base.process.commands import Command

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
        """The address of this side."""
        return f"10.87.{self.number}.1"

    @property
    def inner_address(self) -> str:
        """The address in the namespace."""
        return f"10.87.{self.number}.2"

    def inside(self, argv: Sequence[str]) -> list[str]:
        """Return the command that runs ``argv`` in the namespace."""
        return ["ip", "netns", "exec", self.name, *argv]


def create(namespace: Namespace) -> None:
    """Create the namespace, its pair of devices and their addresses; an existing one is replaced.

    :raises CommandFailedError: not permitted, or a command failed: nothing is left.
    """
    destroy(namespace)
    try:
        commands.run(create_commands(namespace))
    except Exception:
        destroy(namespace)
        raise


def destroy(namespace: Namespace) -> None:
    """Remove the namespace with all that is in it; one that is not there is no error."""
    commands.run(destroy_commands(namespace))


def create_commands(namespace: Namespace) -> list[Command]:
    """Return the commands that create the namespace and both ends of the pair."""
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
    """Return the commands that remove the pair and the namespace."""
    outer, _inner = _devices(namespace)
    return [
        Command(("ip", "link", "delete", outer), may_fail=True),
        Command(("ip", "netns", "delete", namespace.name), may_fail=True),
    ]


def _devices(namespace: Namespace) -> tuple[str, str]:
    return f"{_PREFIX}{namespace.number}a", f"{_PREFIX}{namespace.number}b"


def _ip(*arguments: str) -> Command:
    return Command(("ip", *arguments))
