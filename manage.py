#!/usr/bin/env python
"""Django's door to the lab: ``python manage.py lab`` starts it, ``help`` lists the rest."""

from __future__ import annotations

import os
import sys

_OF_THE_API = {"relay"}


def main() -> None:
    """Run one management command in the settings of the process that it belongs to."""
    service = os.environ.get("LAB_SERVICE") or (
        "api" if len(sys.argv) > 1 and sys.argv[1] in _OF_THE_API else "observer"
    )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"labsite.settings.{service}")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
