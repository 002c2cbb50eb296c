"""``manage.py fault set|list|heal``: the faults of the running lab, over its HTTP API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from faults import typed
from faults.fault import FaultError
from faults.holders.holder import HolderError, UnreachableError, ask

if TYPE_CHECKING:
    import requests
    from django.core.management.base import CommandParser

_SECONDS = 90.0


class Command(BaseCommand):
    """Set, list and heal faults of a running lab."""

    help = "Set, list and heal faults of the running lab."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ``set TARGET KIND [name=value …]``, ``list`` and ``heal [ID]``."""
        commands = parser.add_subparsers(dest="command", required=True)
        setting = commands.add_parser("set", help="fault set api-to-worker slow ms=500 --ttl 30")
        setting.add_argument("target")
        setting.add_argument("kind")
        setting.add_argument("parameters", nargs="*", metavar="name=value")
        setting.add_argument("--level", help="switch, socket, process or firewall")
        setting.add_argument("--ttl", type=float, help="seconds after which it heals itself")
        listing = commands.add_parser("list", help="those in force")
        listing.add_argument("--hidden", action="store_true", help="those of a mystery too")
        healing = commands.add_parser("heal", help="heal one by its id, or all")
        healing.add_argument("id", nargs="?")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do what the command says; exit code 1 with one sentence when it can't be done."""
        command = options["command"]
        if command == "set":
            fault = self._ask("POST", body=_described(options)).json()
            self.stdout.write(f"{fault['id']}  {fault['words']}")
        elif command == "list":
            told = self._ask("GET", path="?hidden=1" if options["hidden"] else "").json()
            for fault in told["faults"]:
                self.stdout.write(f"{fault['id']}  {fault['words']}")
            if told["hidden"] and not options["hidden"]:
                self.stdout.write(f"hidden: {told['hidden']}")
        else:
            self._ask("DELETE", path=f"/{options['id']}" if options["id"] else "")
            self.stdout.write("healed")

    def _ask(self, method: str, *, path: str = "", body: object = None) -> requests.Response:
        url = f"{settings.LAB_OBSERVER_URL}/api/faults{path}"
        try:
            return ask(method, url, body=body, timeout=_SECONDS)
        except UnreachableError:
            raise CommandError(
                f"no lab answers at {settings.LAB_OBSERVER_URL}: start it with `python lab.py`"
            ) from None
        except HolderError as error:
            raise CommandError(str(error)) from None


def _described(options: dict[str, Any]) -> dict[str, Any]:
    try:
        body = typed.described(
            [options["target"], options["kind"], *options["parameters"]], set_by="cli"
        )
    except FaultError as error:
        raise CommandError(str(error)) from None
    if options["level"]:
        body["level"] = options["level"]
    if options["ttl"] is not None:
        body["ttlSeconds"] = options["ttl"]
    return body
