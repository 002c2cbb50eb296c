"""``manage.py soak``: orders under random faults by a seed, then a verdict."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from experiments.lab import Lab, LabError
from experiments.management.commands.experiment import runs_directory
from experiments.run import new_run_id
from experiments.soak import Soak

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

SURVIVORS = ("outbox", "idempotent_jobs", "callback_outbox", "reconciliation")
"""The defences with which nothing that was acknowledged is lost, doubled or stuck."""

_MOST_ORDERS = 1_000_000


class Command(BaseCommand):
    """Place orders under the nemesis and judge what both services hold; code 1 if it is bad."""

    help = "Place orders under random faults by a seed, then say what was lost, doubled or stuck."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the size, the seed and the defences."""
        parser.add_argument("--orders", type=int, default=2_000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--clients", type=int, default=32)
        parser.add_argument("--rate", type=float, default=100, help="orders a second, at most")
        parser.add_argument(
            "--defences",
            default=",".join(SURVIVORS),
            help="names with commas between, or none",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run the soak."""
        if not 1 <= options["orders"] <= _MOST_ORDERS:
            raise CommandError(f"--orders takes a number from 1 to {_MOST_ORDERS}")
        configuration = {
            "observer_url": settings.LAB_OBSERVER_URL,
            "client_url": settings.LAB_CLIENT_URL,
            "api_url": settings.LAB_API_URL,
            "worker_url": settings.LAB_WORKER_URL,
        }
        try:
            self._turn(Lab(configuration), options["defences"])
            soak = Soak(configuration, say=self.stdout.write)
            directory = runs_directory() / f"soak-{new_run_id()}"
            verdict = soak.run(
                orders=options["orders"],
                seed=options["seed"],
                clients=options["clients"],
                rate=options["rate"],
                directory=directory,
            ).as_json()
        except LabError as error:
            raise CommandError(str(error)) from None
        told = ", ".join(f"{count} {outcome}" for outcome, count in verdict["outcomes"].items())
        self.stdout.write(f"{verdict['operations']} operations: {told}")
        for kind, found in verdict["anomalies"].items():
            self.stdout.write(f"  {found['count']:>6}  {kind}: {found['means']}")
            for each in found["first"][:3]:
                self.stdout.write(f"          {settings.LAB_OBSERVER_URL}/orders/{each['orderId']}")
        for article in verdict["stockNotConserved"]:
            self.stdout.write(f"  stock not conserved: {article}")
        self.stdout.write(f"{'valid' if verdict['ok'] else 'not valid'}; kept in {directory}")
        if not verdict["ok"]:
            sys.exit(1)

    def _turn(self, lab: Lab, names: str) -> None:
        wanted = set() if names == "none" else set(names.split(","))
        listed = lab.ask("GET", "observer_url", "/api/defences")["defences"]
        known = {each["name"] for each in listed}
        if wanted - known:
            raise CommandError(f"unknown defences: {', '.join(sorted(wanted - known))}")
        lab.ask("PATCH", "observer_url", "/api/defences", json={n: n in wanted for n in known})
