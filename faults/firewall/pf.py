"""A block as commands of macOS's pf, in an anchor of the lab's own. Pure.

macOS evaluates every anchor below ``com.apple/``, so that no system file has to change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.process.commands import Command
from faults.firewall.block import PREFIX

if TYPE_CHECKING:
    from faults.firewall.block import Block


def block_commands(block: Block) -> list[Command]:
    """Load the anchor's rules, and enable pf."""
    return [
        Command(("pfctl", "-q", "-a", anchor(block.name), "-f", "-"), stdin=rules(block)),
        # -E increments pf's reference count; it fails where pf is enabled already.
        Command(("pfctl", "-q", "-E"), may_fail=True),
    ]


def unblock_commands(name: str) -> list[Command]:
    """Empty the anchor of the block called ``name``. Whether pf is on is left as it is."""
    return [Command(("pfctl", "-q", "-a", anchor(name), "-F", "all"), may_fail=True)]


def anchor(name: str) -> str:
    """Return the anchor of a block."""
    return f"com.apple/{PREFIX}{name}"


def rules(block: Block) -> str:
    """Return the anchor's rules in pf's syntax."""
    action = "block return" if block.reject else "block drop"
    chance = f" probability {block.loss * 100:g}%" if block.loss < 1 else ""
    lines = []
    for stops, way, served, called in (
        (block.stops_in, "in", "to any port", "from any port"),
        (block.stops_out, "out", "from any port", "to any port"),
    ):
        for ports, side in ((block.serves, served), (block.calls, called)):
            if stops and ports:
                listed = " ".join(str(port) for port in ports)
                where = _ends(f"{side} {{ {listed} }}")
                lines.append(f"{action} {way} quick proto tcp {where}{chance}")
    return "\n".join(lines) + "\n"


def _ends(side: str) -> str:
    return f"from any {side}" if side.startswith("to") else f"{side} to any"
