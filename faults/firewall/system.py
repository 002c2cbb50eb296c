"""The firewall of this system, and whether this process may change it."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from typing import TYPE_CHECKING

import base.process.commands
from base.errors import CommandFailedError
from base.message import Message
from faults.errors import FirewallError
from faults.firewall import netsh, nftables, pf
from faults.serializers import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from base.process.commands import Command
    from faults.firewall.block import Block


def block_commands(block: Block, *, netns: str = "", platform: str = sys.platform) -> list[Command]:
    """Return the commands that add ``block``.

    :raises FirewallError: that platform's firewall lacks a feature that it needs.
    """
    _refuse_netns(netns, platform)
    if platform == "win32":
        return netsh.block_commands(block)
    if platform == "darwin":
        return pf.block_commands(block)
    return nftables.block_commands(block, netns=netns)


def unblock_commands(name: str, *, netns: str = "", platform: str = sys.platform) -> list[Command]:
    """Return the commands that remove the block called ``name``.

    :raises FirewallError: it is in a namespace, which ``platform`` lacks.
    """
    _refuse_netns(netns, platform)
    if platform == "win32":
        return netsh.unblock_commands(name)
    if platform == "darwin":
        return pf.unblock_commands(name)
    return nftables.unblock_commands(name, netns=netns)


def why_not_permitted() -> str:
    """Return why this process can't change the firewall as a sentence; empty when it can."""
    problem = permission_problem()
    return "" if problem is None else sentence(problem)


def permission_problem() -> Message | None:
    """Return why this process can't change the firewall; None when it can."""
    program = {"win32": "netsh", "darwin": "pfctl"}.get(sys.platform, "nft")
    if shutil.which(program) is None:
        return Message("firewall.no_program", {"program": program})
    if sys.platform == "win32":
        permitted = bool(ctypes.windll.shell32.IsUserAnAdmin())
        refusal = "firewall.only_administrator"
    else:
        permitted = os.geteuid() == 0
        refusal = "firewall.only_root"
    return None if permitted else Message(refusal)


def run(commands: Sequence[Command]) -> None:
    """Run ``commands`` one after the other.

    :raises FirewallError: one without ``may_fail`` failed.
    """
    try:
        base.process.commands.run(commands)
    except CommandFailedError as error:
        raise FirewallError(str(error)) from None


def _refuse_netns(netns: str, platform: str) -> None:
    if netns and platform != "linux":
        raise FirewallError("only Linux has network namespaces")
