"""``manage.py defence list|on|off``: the defences of the running lab, over its HTTP API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand

from service.observer import call_observer

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    """List, turn on and turn off the defences of a running lab."""

    help = "List the defences of the running lab, and turn them on and off."
    requires_system_checks = []  # they load every route, and a test runs them

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ``list``, ``on NAME …`` and ``off NAME …``."""
        commands = parser.add_subparsers(dest="command", required=True)
        commands.add_parser("list")
        for state in ("on", "off"):
            commands.add_parser(state).add_argument("names", nargs="+")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run the command; exit code 1 and one sentence when it fails."""
        method, body = "GET", None
        if options["command"] != "list":
            method, body = "PATCH", dict.fromkeys(options["names"], options["command"] == "on")
        found = call_observer(method, "/api/defences", body=body)
        for each in found["defences"]:
            self.stdout.write(f"{'on ' if each['on'] else 'off'} {each['name']:<16} {each['text']}")
