"""``manage.py defence list|on|off``: the defences of the running lab, over its HTTP API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

_SECONDS = 20.0


class Command(BaseCommand):
    """List, turn on and turn off the defences of a running lab."""

    help = "List the defences of the running lab, and turn them on and off."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ``list``, ``on NAME …`` and ``off NAME …``."""
        commands = parser.add_subparsers(dest="command", required=True)
        commands.add_parser("list")
        for word in ("on", "off"):
            commands.add_parser(word).add_argument("names", nargs="+")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do what the command says."""
        url = f"{settings.LAB_OBSERVER_URL}/api/defences"
        try:
            if options["command"] == "list":
                answer = requests.get(url, timeout=_SECONDS)
            else:
                on = options["command"] == "on"
                body = dict.fromkeys(options["names"], on)
                answer = requests.patch(url, json=body, timeout=_SECONDS)
        except requests.RequestException:
            raise CommandError(
                f"no lab answers at {settings.LAB_OBSERVER_URL}: start it with `python lab.py`"
            ) from None
        told = answer.json()
        if not answer.ok:
            raise CommandError(told["error"])
        for each in told["defences"]:
            self.stdout.write(f"{'on ' if each['on'] else 'off'} {each['name']:<16} {each['text']}")
