"""Making and undoing blocks for real, each with a watchdog that outlives whoever made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faults.firewall import kept, system, watchdog
from faults.firewall.block import FirewallError
from faults.firewall.kept import KeptBlock

if TYPE_CHECKING:
    from pathlib import Path

    from faults.firewall.block import Block


def put(block: Block, *, directory: Path, netns: str = "", words: str = "") -> KeptBlock:
    """Make ``block`` and start its watchdog; one of the same name is replaced.

    :raises FirewallError: not permitted, not possible here, or a command failed: nothing is left.
    """
    reason = system.why_not_permitted()
    if reason:
        raise FirewallError(reason)
    commands = system.block_commands(block, netns=netns)
    undo = system.unblock_commands(block.name, netns=netns)
    lift(block.name, directory=directory, netns=netns)
    lasting = KeptBlock.lasting(
        block.name, seconds=block.seconds, undo=undo, netns=netns, words=words
    )
    path = lasting.write(directory)
    try:
        watchdog.start(path, token=lasting.token)
        system.run(commands)
    except (FirewallError, OSError):
        system.run(undo)
        kept.forget(path, token=lasting.token)
        raise
    return lasting


def lift(name: str, *, directory: Path, netns: str = "") -> bool:
    """Undo the block called ``name``, also one that is not kept; return whether one was kept.

    :raises FirewallError: a command failed.
    """
    path = directory / f"{name}.json"
    block = kept.read(path)
    system.run(block.undo if block else system.unblock_commands(name, netns=netns))
    # Last: while the file stands, the watchdog still minds the block.
    path.unlink(missing_ok=True)
    return block is not None


def in_force(directory: Path) -> list[KeptBlock]:
    """List the blocks that have been made and not undone."""
    return kept.read_all(directory)
