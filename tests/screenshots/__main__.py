"""A picture of the page in each of its states: ``python -m tests.screenshots DIR``.

One lab is started for it, with a page open in every look: what is done once is seen in all of them.
``--only cut,idle`` takes some; ``--loop`` makes the moving picture of the README instead, and
``--docs`` the small pictures of ``docs/viewer.md``.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.screenshots import loop, viewer
from tests.screenshots.looks import LOOKS, Shots, opened
from tests.screenshots.states import STATES
from tests.support.browser import chromium
from tests.support.processes import LabProcesses


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--only", default=",".join(STATES), help="states, with commas between")
    parser.add_argument("--loop", action="store_true", help="the moving picture alone")
    parser.add_argument("--docs", action="store_true", help="the pictures of docs/viewer.md alone")
    options = parser.parse_args()
    options.directory.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as directory,
        LabProcesses(Path(directory)) as lab,
        chromium() as browser,
    ):
        if options.loop:
            loop.record(browser, lab, options.directory)
            return
        if options.docs:
            viewer.for_docs(browser, lab, options.directory)
            return
        with opened(browser, lab, LOOKS) as pages:
            for name in options.only.split(","):
                lab.restore()
                STATES[name](Shots(lab, options.directory, pages))


if __name__ == "__main__":
    main()
