"""``manage.py explain``: what happened to an order, in a terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from base.errors import LabError
from base.process.streams import one_line
from evidence.as_text import lines
from evidence.errors import UnknownRequestError
from evidence.lookup import find_evidence

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

_EXIT_UNKNOWN = 1
_EXIT_UNREACHABLE = 2
_BAD_REQUEST = 400


class Command(BaseCommand):
    """Exits with 0 when it could explain, 1 when nothing is known of the name, 2 without a lab."""

    help = "Explain what happened to an order, from the records of the running lab."
    requires_system_checks = []  # they load every route, and a test runs them

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what the request is known by, and from whose side to look."""
        parser.add_argument("name", metavar="ORDER_ID|TRACE_ID|REQUEST_ID")
        parser.add_argument("--perspective", metavar="all|SERVICE", default="all")
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="print the evidence as JSON")
        form.add_argument("--prompt", action="store_true", help="print the text to copy")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Ask the lab and print its answer, in the terminal's language."""
        with override(settings.LAB_TERMINAL_LANGUAGE):
            self._explain(options)

    def _explain(self, options: dict[str, Any]) -> None:
        try:
            found = find_evidence(
                options["name"],
                observer_url=settings.LAB_OBSERVER_URL,
                perspective=options["perspective"],
                language=settings.LAB_TERMINAL_LANGUAGE,
            )
        except UnknownRequestError:
            message = _("No order, request or trace %(name)s is on record.") % {
                "name": options["name"]
            }
            raise CommandError(message, returncode=_EXIT_UNKNOWN) from None
        except LabError as error:
            if error.status == _BAD_REQUEST:
                raise CommandError(error.detail, returncode=_EXIT_UNKNOWN) from None
            message = _("The lab does not answer (%(error)s). Start it with: python lab.py") % {
                "error": error
            }
            raise CommandError(message, returncode=_EXIT_UNREACHABLE) from None
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
        elif options["prompt"]:
            self.stdout.write(found["prompt"])
        else:
            self.stdout.write("\n".join(map(one_line, lines(found))))
