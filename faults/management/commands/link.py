"""``manage.py link add|list|remove``: links between services that run already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.core.management.base import BaseCommand

from service.observer import call_observer
from systems.file import PROTOCOLS

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    """Attach links to the system of a running lab."""

    help = "Put a link between two services that run already, list the links, remove one."
    requires_system_checks = []  # they load every route, and a test runs them

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ``add NAME`` with its ends and addresses, ``list`` and ``remove NAME``."""
        commands = parser.add_subparsers(dest="command", required=True)
        adding = commands.add_parser("add", help="put a link between two services")
        adding.add_argument("name")
        adding.add_argument("--from", required=True, help="who calls")
        adding.add_argument("--to", required=True, help="who is called")
        adding.add_argument(
            "--listen", required=True, help="the port to call instead, or host:port"
        )
        adding.add_argument("--upstream", required=True, help="host:port that it leads to")
        adding.add_argument("--protocol", choices=PROTOCOLS, help="tcp for what speaks no HTTP")
        commands.add_parser("list", help="all links, the system's own first")
        removing = commands.add_parser("remove", help="remove one that was added")
        removing.add_argument("name")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run the command; exit code 1 and one sentence when it fails."""
        command = options["command"]
        if command == "add":
            fields = ("name", "from", "to", "listen", "upstream", "protocol")
            body = {name: options[name] for name in fields if options[name]}
            made = call_observer("POST", "/api/links", body=body)
            self.stdout.write(
                f"{made['name']}: call {made['listen']} instead of {made['upstream']}"
            )
        elif command == "remove":
            call_observer("DELETE", f"/api/links/{quote(options['name'], safe='')}")
            self.stdout.write("removed")
        else:
            for each in call_observer("GET", "/api/links")["links"]:
                self.stdout.write(
                    f"{each['name']}  {each['from']} -> {each['to']}"
                    f"  {each['listen']} -> {each['upstream']}  {each['protocol']}"
                )
