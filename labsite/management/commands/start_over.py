"""``manage.py start_over``: the running lab back to its first minute, over its HTTP API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from service.observer import call_observer

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

_TIMEOUT_SECONDS = 300.0


class Command(BaseCommand):
    """Remove orders, reservations, faults and their telemetry from a running lab."""

    help = "Remove orders, reservations, faults and their telemetry; settings are kept."
    requires_system_checks = []  # they load every route, and a test runs them

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ``--yes``."""
        parser.add_argument("--yes", action="store_true", help="do not ask first")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run the command; exit code 1 and one sentence when it fails, or is not wanted."""
        if not options["yes"] and input("Remove all orders and their telemetry? [y/N] ") != "y":
            raise CommandError("nothing was removed")
        removed = call_observer("POST", "/api/start-over", timeout_seconds=_TIMEOUT_SECONDS)
        self.stdout.write(", ".join(f"{count} {name}" for name, count in removed.items()))
