"""A block as commands of Linux's nftables, in a table of its own. Pure.

The ports are in sets whose elements time out: the kernel removes them at the end of the block, even
if every process of the lab has been killed. The watchdog then only deletes the table.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from base.process.commands import Command
from faults.firewall.block import PREFIX

if TYPE_CHECKING:
    from faults.firewall.block import Block

_SHARES = 10_000


def block_commands(block: Block, *, netns: str = "") -> list[Command]:
    """Make the table of ``block``, in the network namespace ``netns`` or in this one."""
    return [Command((*_inside(netns), "nft", "-f", "-"), stdin=ruleset(block))]


def unblock_commands(name: str, *, netns: str = "") -> list[Command]:
    """Delete the table of the block called ``name``; nothing else is in it, nor touched."""
    return [
        Command(
            (*_inside(netns), "nft", "delete", "table", "inet", f"{PREFIX}{name}"), may_fail=True
        )
    ]


def ruleset(block: Block) -> str:
    """Return the table of ``block`` in nft's syntax; it is replaced atomically."""
    table = f"{PREFIX}{block.name}"
    lines = [f"table inet {table}", f"delete table inet {table}", f"table inet {table} {{"]
    sets = {"served": block.serves, "called": block.calls}
    for name, ports in sets.items():
        if ports:
            elements = ", ".join(f"{port} timeout {_timeout(block.seconds)}" for port in ports)
            lines += [
                f"  set {name} {{",
                "    type inet_service; flags timeout;",
                f"    elements = {{ {elements} }}",
                "  }",
            ]
    if block.stops_in:
        lines += _chain(block, hook="input", served="dport", called="sport")
    if block.stops_out:
        lines += _chain(block, hook="output", served="sport", called="dport")
    return "\n".join([*lines, "}"]) + "\n"


def _chain(block: Block, *, hook: str, served: str, called: str) -> list[str]:
    verdict = "reject with tcp reset" if block.reject else "drop"
    chance = ""
    if block.loss < 1:
        chance = f"numgen random mod {_SHARES} < {round(block.loss * _SHARES)} "
    lines = [f"  chain {hook} {{", f"    type filter hook {hook} priority -10; policy accept;"]
    if block.reject:
        # Or else the RST would be rejected by the rule that sends it.
        lines.append("    tcp flags rst accept")
    for ports, side, name in ((block.serves, served, "served"), (block.calls, called, "called")):
        if ports:
            lines.append(f"    tcp {side} @{name} {chance}counter {verdict}")
    return [*lines, "  }"]


def _timeout(seconds: float) -> str:
    return f"{max(1, math.ceil(seconds * 1_000))}ms"


def _inside(netns: str) -> tuple[str, ...]:
    return ("ip", "netns", "exec", netns) if netns else ()
