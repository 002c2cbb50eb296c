"""``manage.py firewall block|unblock|status``: the operating system's own partition."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from faults.errors import FirewallError
from faults.firewall import blocks, system
from faults.firewall.block import DEFAULT_SECONDS, LONGEST_SECONDS, Block, ports_of
from faults.holders.firewall import directory, link_ports, netns_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.management.base import CommandParser

    from base.process.commands import Command as SystemCommand


class Command(BaseCommand):
    """Prints the exact commands, and runs them with ``--run``."""

    help = "Block the packets of a service or a link in the operating system's firewall."
    requires_system_checks = []  # they load every route, and a test runs them

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ``block TARGET``, ``unblock [TARGET]`` and ``status``."""
        commands = parser.add_subparsers(dest="command", required=True)
        blocking = commands.add_parser("block", help="firewall block worker --for 30s --run")
        blocking.add_argument("target", help="a service or a link")
        blocking.add_argument("--direction", choices=["in", "out", "both"], default="both")
        blocking.add_argument("--loss", default="100%", help="share of packets lost, as 30%%")
        blocking.add_argument("--for", dest="seconds", default=f"{DEFAULT_SECONDS}s")
        blocking.add_argument(
            "--reject", action="store_true", help="answer with a reset instead of nothing"
        )
        blocking.add_argument("--run", action="store_true", help="run the commands, too")
        unblocking = commands.add_parser("unblock", help="undo one block, or all")
        unblocking.add_argument("target", nargs="?")
        commands.add_parser("status", help="list the blocks in force")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run the command; exit code 1 and one sentence when it fails."""
        try:
            getattr(self, f"_{options['command']}")(options)
        except FirewallError as error:
            raise CommandError(str(error)) from None

    def _block(self, options: dict[str, Any]) -> None:
        serves, calls = ports_of(options["target"], links=link_ports())
        block = Block(
            _name(options["target"]),
            serves=serves,
            calls=calls,
            direction=options["direction"],
            loss=_share(options["loss"]),
            reject=options["reject"],
            seconds=_seconds(options["seconds"]),
        )
        netns = netns_of(options["target"], worker_netns=settings.LAB_WORKER_NETNS)
        self._print("Commands that add the block:", system.block_commands(block, netns=netns))
        self._print("Commands that remove it:", system.unblock_commands(block.name, netns=netns))
        if not options["run"]:
            self.stdout.write("Nothing was run: add --run, or run them yourself.")
            return
        reason = system.why_not_permitted()
        if reason:
            raise CommandError(f"Nothing was run: {reason}. Run the commands above yourself.")
        words = f"{options['target']} by the firewall"
        blocks.add(block, directory=directory(), netns=netns, words=words)
        self.stdout.write(
            f"{options['target']} is blocked for {block.seconds:g} s,"
            " or until: manage.py firewall unblock"
        )

    def _unblock(self, options: dict[str, Any]) -> None:
        reason = system.why_not_permitted()
        if reason:
            raise FirewallError(reason)
        target = options["target"]
        names = [_name(target)] if target else [b.name for b in blocks.active_blocks(directory())]
        for name in names:
            blocks.remove(name, directory=directory())
        self.stdout.write("Unblocked." if names else "No block is in force.")

    def _status(self, _options: dict[str, Any]) -> None:
        active = blocks.active_blocks(directory())
        for block in active:
            self.stdout.write(f"{block.name}: {block.remaining_seconds:.0f} s left. {block.words}")
        if not active:
            self.stdout.write("No block is in force.")

    def _print(self, title: str, commands: Sequence[SystemCommand]) -> None:
        self.stdout.write(title)
        for command in commands:
            self.stdout.write(f"  {command.shown()}")
        sys.stdout.flush()


def _name(target: str) -> str:
    return target.replace("-", "_")


def _share(text: str) -> float:
    number = text.removesuffix("%")
    try:
        return float(number) / 100
    except ValueError:
        raise FirewallError("--loss takes a share in percent, as 30%") from None


def _seconds(text: str) -> float:
    try:
        return float(text.removesuffix("s"))
    except ValueError:
        raise FirewallError(
            f"--for takes seconds, as 60s, and at most {LONGEST_SECONDS}s"
        ) from None
