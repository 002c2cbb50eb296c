"""The two commands of ``lab.py``."""

from __future__ import annotations

import os
import sys

from base.process.signals import on_stop
from base.process.streams import make_output_safe
from launch import checks, environment, running
from launch.console import error
from launch.errors import LaunchError

_USAGE = """\
usage: python lab.py [--no-browser] [--system FILE]
                                          run the lab, open its page; Ctrl-C stops it
       python lab.py test [pytest's own]  run every check, or only the tests that are named

--system FILE runs the services of a system file instead of the lab's own, docs/your-system.md. It
runs the commands in it: name only a file that you trust.
"""


def main(argv: list[str]) -> int:
    """Run the command that ``argv`` names and return the exit code."""
    make_output_safe()
    on_stop(_interrupt)
    try:
        if argv and argv[0] == "test":
            environment.prepare("requirements-dev.txt")
            return checks.run(argv[1:])
        arguments = running.arguments(argv, system=os.environ.get("LAB_SYSTEM", ""))
        if arguments is None:
            sys.stdout.write(_USAGE)
            return 0 if {"-h", "--help"} & set(argv) else 2
        environment.prepare("requirements.txt")
        return running.run(arguments)
    except LaunchError as failure:
        error(str(failure))
        return 1
    except KeyboardInterrupt:
        return 130


def _interrupt() -> None:
    raise KeyboardInterrupt
