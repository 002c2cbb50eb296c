"""``python -m tests.fuzz --seconds 600 --seed 7``: fuzz a lab of its own; code 1 if it finds."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

import django

from tests.support.processes import LabProcesses


def main() -> int:
    """Start a lab, fuzz it, and print what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "labsite.settings.test"
    django.setup()
    from tests.fuzz.fuzzing import Fuzz

    with tempfile.TemporaryDirectory() as directory, LabProcesses(Path(directory)) as lab:
        findings = Fuzz(lab, seed=given.seed).run(given.seconds)
    sys.stdout.write(f"{findings}\n")
    return 1 if findings.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
