#!/usr/bin/env python3
"""Partition Lab on a fresh machine: ``python lab.py`` runs it, ``python lab.py test`` tests it.

Needs Python 3.11 or newer and nothing else: what is missing is put into ``.venv`` beside this file.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Partition Lab needs Python 3.11 or newer, and this is "
        + ".".join(str(part) for part in sys.version_info[:3])
        + ": install a newer one and run it with that."
    )

from launch.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
