"""A block as commands of the Windows firewall, in rules with the lab's own names. Pure.

That firewall supports neither packet loss nor RST, and does not filter loopback traffic: a block
takes effect when the services have addresses of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.process.commands import Command
from faults.errors import FirewallError

if TYPE_CHECKING:
    from faults.firewall.block import Block

_NETSH = ("netsh", "advfirewall", "firewall")


def block_commands(block: Block) -> list[Command]:
    """Add a rule for each direction.

    :raises FirewallError: this firewall lacks a feature that the block needs.
    """
    if block.loss < 1:
        raise FirewallError("the Windows firewall can't drop a share of the packets")
    if block.reject:
        raise FirewallError("the Windows firewall drops, it can't answer with a reset")
    commands = []
    if block.stops_in and block.serves:
        commands.append(_rule(block.name, "in", f"localport={_list(block.serves)}"))
    if block.stops_out and block.calls:
        commands.append(_rule(block.name, "out", f"remoteport={_list(block.calls)}"))
    if not commands:
        raise FirewallError(
            "the Windows firewall follows connections, not packets: this target has none of its"
            " own in that direction"
        )
    return commands


def unblock_commands(name: str) -> list[Command]:
    """Delete the rules of the block called ``name``."""
    return [Command((*_NETSH, "delete", "rule", f"name={rule_name(name)}"), may_fail=True)]


def rule_name(name: str) -> str:
    """Return the name of a block's rules."""
    return f"Partition Lab {name}"


def _rule(name: str, direction: str, ports: str) -> Command:
    return Command(
        (
            *_NETSH,
            "add",
            "rule",
            f"name={rule_name(name)}",
            f"dir={direction}",
            "action=block",
            "protocol=TCP",
            ports,
        )
    )


def _list(ports: tuple[int, ...]) -> str:
    return ",".join(str(port) for port in ports)
