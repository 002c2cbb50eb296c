"""``manage.py soak``: orders under random faults by a seed, or under kills, then a verdict."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from base.client import LabClient
from base.errors import LabError
from base.lab import Lab
from base.process.signals import interrupted_by_signals
from experiments.checker.killing import Killing, NotBackError
from experiments.checker.soak import Soak
from experiments.runs.location import lab_urls, runs_directory
from experiments.runs.run import new_run_id
from experiments.wording import text
from systems.current import SYSTEM
from systems.orders import is_whole

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

SURVIVORS = ("outbox", "idempotent_jobs", "callback_outbox", "reconciliation")
"""The defences with which nothing that was acknowledged is lost, doubled or stuck."""

_MOST_ORDERS = 1_000_000
_MOST_ROUNDS = 1_000


class Command(BaseCommand):
    """Place orders under the nemesis and judge what both services hold; code 1 if it is bad."""

    help = "Place orders under random faults by a seed, then say what was lost, doubled or stuck."
    requires_system_checks = []  # they load every route, and a test runs them

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the size, the seed and the defences."""
        parser.add_argument("--orders", type=int, default=2_000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--kill",
            type=int,
            metavar="ROUNDS",
            help="instead of faults, kill every process of the lab once a round, in turn; orders"
            " are placed until then",
        )
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
        rounds = options["kill"]
        if rounds is not None and not 1 <= rounds <= _MOST_ROUNDS:
            raise CommandError(f"--kill takes a number of rounds from 1 to {_MOST_ROUNDS}")
        if not is_whole(SYSTEM):
            raise CommandError(text("error.needs_orders"))
        directory = runs_directory() / f"soak-{new_run_id()}"
        try:
            self._set_defences(Lab(lab_urls()), options["defences"])
            soak = Soak(lab_urls(), report=self.stdout.write)
            if rounds is None:
                strike, orders = soak.faults_by(options["seed"]), options["orders"]
            else:
                strike, orders = self._kills(soak, rounds, options["seed"]).strike, None
            with interrupted_by_signals():
                verdict = soak.run(
                    strike,
                    orders=orders,
                    clients=options["clients"],
                    rate=options["rate"],
                    directory=directory,
                ).as_json()
        except (LabError, NotBackError) as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError("interrupted; every fault has been healed") from None
        self._report(verdict)
        self.stdout.write(f"{'valid' if verdict['ok'] else 'not valid'}; kept in {directory}")
        if not verdict["ok"]:
            sys.exit(1)

    def _kills(self, soak: Soak, rounds: int, seed: int) -> Killing:
        control = LabClient(settings.LAB_CONTROL_URL, secret=settings.LAB_SECRET)
        report = self.stdout.write
        return Killing(control, rounds=rounds, seed=seed, kills=soak.faults, report=report)

    def _report(self, verdict: dict[str, Any]) -> None:
        outcomes = ", ".join(f"{count} {name}" for name, count in verdict["outcomes"].items())
        self.stdout.write(f"{verdict['operations']} operations: {outcomes}")
        for kind, found in verdict["anomalies"].items():
            self.stdout.write(f"  {found['count']:>6}  {kind}: {found['means']}")
            for each in found["first"][:3]:
                self.stdout.write(f"          {settings.LAB_OBSERVER_URL}/orders/{each['orderId']}")
        for item in verdict["stockNotConserved"]:
            self.stdout.write(f"  stock not conserved: {item}")
        telemetry = verdict["telemetry"]
        self.stdout.write(
            f"telemetry: {telemetry['acknowledged']} batches acknowledged, {telemetry['lost']} lost"
        )
        for trace_id in telemetry["first"][:3]:
            self.stdout.write(f"          {settings.LAB_OBSERVER_URL}/traces/{trace_id}")

    def _set_defences(self, lab: Lab, names: str) -> None:
        chosen = set() if names == "none" else set(names.split(","))
        known = lab.defences().keys()
        if chosen - known:
            raise CommandError(f"unknown defences: {', '.join(sorted(chosen - known))}")
        lab.switch_defences({name: name in chosen for name in known})
