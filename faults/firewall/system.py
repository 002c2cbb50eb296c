"""Which firewall this system has, and whether this process may use it."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from faults.firewall import netsh, nftables, pf
from faults.firewall.block import FirewallError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from faults.firewall.block import Block, Command

_RUN_SECONDS = 20.0


def block_commands(block: Block, *, netns: str = "") -> list[Command]:
    """Return the commands that make ``block`` here.

    :raises FirewallError: this system's firewall can't do it.
    """
    _refuse_netns(netns)
    if sys.platform == "win32":
        return netsh.block_commands(block)
    if sys.platform == "darwin":
        return pf.block_commands(block)
    return nftables.block_commands(block, netns=netns)


def unblock_commands(name: str, *, netns: str = "") -> list[Command]:
    """Return the commands that undo the block called ``name`` here."""
    _refuse_netns(netns)
    if sys.platform == "win32":
        return netsh.unblock_commands(name)
    if sys.platform == "darwin":
        return pf.unblock_commands(name)
    return nftables.unblock_commands(name, netns=netns)


def why_not_permitted() -> str:
    """Say why this process can't change the firewall; empty when it can."""
    program = {"win32": "netsh", "darwin": "pfctl"}.get(sys.platform, "nft")
    if shutil.which(program) is None:
        return _("there is no %(program)s on this system") % {"program": program}
    if sys.platform == "win32":
        shell = ctypes.windll.shell32
        return "" if shell.IsUserAnAdmin() else _("only an administrator may change the firewall")
    return "" if os.geteuid() == 0 else _("only root may change the firewall")


def run(commands: Sequence[Command]) -> None:
    """Run ``commands`` one after the other.

    :raises FirewallError: one failed that may not.
    """
    for command in commands:
        try:
            done = subprocess.run(
                command.argv,
                input=command.stdin,
                capture_output=True,
                text=True,
                timeout=_RUN_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise FirewallError(f"{command.argv[0]} could not be run: {error}") from None
        if done.returncode and not command.may_fail:
            said = (done.stderr or done.stdout).strip()
            raise FirewallError(f"{command.shown()}\nfailed: {said}")


def _refuse_netns(netns: str) -> None:
    if netns and not sys.platform.startswith("linux"):
        raise FirewallError("only Linux has network namespaces")
