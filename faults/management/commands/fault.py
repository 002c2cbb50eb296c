"""``manage.py fault set|list|heal``: the faults of the running lab, over its HTTP API."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from faults import request
from faults.errors import FaultError
from service.observer import call_observer

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    """Set, list and heal faults of a running lab."""

    help = "Set, list and heal faults of the running lab."
    requires_system_checks = []  # they load every route, and a test runs them

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
        """Run the command; exit code 1 and one sentence when it fails."""
        command = options["command"]
        if command == "set":
            fault = self._call("POST", body=_body(options))
            self.stdout.write(f"{fault['id']}  {fault['words']}")
        elif command == "list":
            listed = self._call("GET", path="?hidden=1" if options["hidden"] else "")
            for fault in listed["faults"]:
                self.stdout.write(f"{fault['id']}  {fault['words']}{_heal_state(fault)}")
            if listed["hidden"] and not options["hidden"]:
                self.stdout.write(f"hidden: {listed['hidden']}")
        else:
            self._call("DELETE", path=f"/{options['id']}" if options["id"] else "")
            self.stdout.write("healed")

    def _call(self, method: str, *, path: str = "", body: object = None) -> Any:
        return call_observer(method, f"/api/faults{path}", body=body)


def _body(options: dict[str, Any]) -> dict[str, Any]:
    try:
        body = request.parse(
            [options["target"], options["kind"], *options["parameters"]], set_by="cli"
        )
    except FaultError as error:
        raise CommandError(str(error)) from None
    if "samples" in body:
        body["samples"] = _text_of(str(body["samples"]))
    if options["level"]:
        body["level"] = options["level"]
    if options["ttl"] is not None:
        body["ttlSeconds"] = options["ttl"]
    return body


def _text_of(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{path} can't be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise CommandError(f"{path} is no text") from None


def _heal_state(fault: dict[str, Any]) -> str:
    if fault["state"] == "heal_failed":
        return f" (healing failed, trying again: {fault['healProblem']})"
    return " (healing …)" if fault["state"] == "healing" else ""
