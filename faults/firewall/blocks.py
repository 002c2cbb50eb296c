"""Adding and removing blocks, each with a watchdog that outlives its maker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faults.errors import FirewallError
from faults.firewall import active, system, watchdog
from faults.firewall.active import ActiveBlock

if TYPE_CHECKING:
    from pathlib import Path

    from faults.firewall.block import Block


def add(block: Block, *, directory: Path, netns: str = "", words: str = "") -> ActiveBlock:
    """Add ``block`` and start its watchdog; one of the same name is replaced.

    :raises FirewallError: not permitted, not possible here, or a command failed: nothing is left.
    """
    reason = system.why_not_permitted()
    if reason:
        raise FirewallError(reason)
    commands = system.block_commands(block, netns=netns)
    undo = system.unblock_commands(block.name, netns=netns)
    remove(block.name, directory=directory, netns=netns)
    started = ActiveBlock.starting_now(
        block.name, seconds=block.seconds, undo=undo, netns=netns, words=words
    )
    path = started.write(directory)
    try:
        watchdog.start(path, token=started.token)
        system.run(commands)
    except (FirewallError, OSError):
        system.run(undo)
        active.remove(path, token=started.token)
        raise
    return started


def remove(name: str, *, directory: Path, netns: str = "") -> bool:
    """Remove the block called ``name``, recorded or not; return whether it was recorded.

    :raises FirewallError: a command failed.
    """
    path = directory / f"{name}.json"
    block = active.read(path)
    system.run(block.undo if block else system.unblock_commands(name, netns=netns))
    # Last: while the file exists, the watchdog still guards the block.
    path.unlink(missing_ok=True)
    return block is not None


def active_blocks(directory: Path) -> list[ActiveBlock]:
    """List the blocks that have been added and not removed."""
    return active.read_all(directory)
