#!/usr/bin/env python
"""Django's command line: ``python manage.py lab`` starts the lab, ``help`` lists the rest."""

from __future__ import annotations

import os
import sys

_API_COMMANDS = {"relay"}
_SYSTEM_COMMANDS = {"lab", "experiment"}


def main() -> None:
    """Run one management command with the settings of the process that it belongs to."""
    service = os.environ.get("LAB_SERVICE") or (
        "api" if len(sys.argv) > 1 and sys.argv[1] in _API_COMMANDS else "observer"
    )
    system = _system_file(sys.argv)
    if system:
        # Read before anything that names a part of the system.
        os.environ["LAB_SYSTEM"] = system
    from base.process.signals import raise_on_sigint

    raise_on_sigint()
    is_lab = sys.argv[1:2] == ["lab"]
    if is_lab and not {"-h", "--help"} & set(sys.argv):
        from labsite.forking import fork_ahead

        fork_ahead(services=not os.environ.get("LAB_SYSTEM"))
    # Colours are escapes too, and the output shows those instead of obeying them.
    os.environ["DJANGO_COLORS"] = "nocolor"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"labsite.settings.{service}")
    from base.errors import BadSettingError
    from base.process.streams import make_output_safe

    make_output_safe()
    try:
        if is_lab:
            # It needs nothing of what Django would set up.
            from labsite.management.commands.lab import Command

            Command().run_from_argv(sys.argv)
        else:
            from django.core.management import execute_from_command_line

            execute_from_command_line(sys.argv)
    except BadSettingError as error:
        sys.exit(f"manage.py: {error}")


def _system_file(argv: list[str]) -> str:
    """Return what ``--system FILE`` names, empty when the command has it not or takes none."""
    if not _SYSTEM_COMMANDS & set(argv[1:2]):
        return ""
    for word, following in zip(argv, [*argv[1:], ""], strict=True):
        if word == "--system":
            return following
        if word.startswith("--system="):
            return word.partition("=")[2]
    return ""


if __name__ == "__main__":
    main()
