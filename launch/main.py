"""The two commands of ``lab.py``."""

from __future__ import annotations

import sys

from launch import checks, environment, running
from launch.say import LaunchError, error

_USAGE = """\
usage: python lab.py [--no-browser]      run the lab, open its page; Ctrl-C stops it
       python lab.py test [pytest's own]  run every check, or only the tests that are named
"""


def main(argv: list[str]) -> int:
    """Run the command that ``argv`` names and return the exit code."""
    try:
        if argv and argv[0] == "test":
            environment.prepare("requirements-dev.txt")
            return checks.run(argv[1:])
        if any(word not in {"--no-browser", "run"} for word in argv):
            sys.stdout.write(_USAGE)
            return 0 if {"-h", "--help"} & set(argv) else 2
        environment.prepare("requirements.txt")
        return running.run([word for word in argv if word != "run"])
    except LaunchError as failure:
        error(str(failure))
        return 1
    except KeyboardInterrupt:
        return 130
