"""All benchmarks, one after the other: ``python -m benchmarks [--quick] [--write]``.

Each runs in a process of its own; what it prints stands below its command. ``--quick`` runs each as
briefly as it can be run, to see that it still does: its figures say nothing. ``--write`` puts them
into ``docs/performance.md``, for a quiet machine.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from benchmarks.express import NOT_HERE

_DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
_BEGIN, _END = "<!-- python -m benchmarks --write -->\n", "<!-- end -->\n"
_LONGEST_SECONDS = 1_800
# Each with its arguments in a run of all, meant for a quarter of an hour, and in a quick one.
_ALL = (
    ("express", "--seconds 4 --rounds 3", "--seconds 1 --rounds 1"),
    (
        "orders",
        "--seconds 5",
        "--seconds 1 --clients 1 --telemetry on --no-reference",
    ),
    ("encoding", "", ""),
    ("otlp_in", "--seconds 4 --rounds 2", "--seconds 1 --rounds 1 --clients 1"),
    (
        "growth",
        "--seconds 2",
        "--seconds 1 --senders 1 --spans 100 --sizes 1000 --orders 3",
    ),
    ("proxy", "--seconds 2", "--seconds 0.5 --megabytes 16"),
    ("event_to_page", "--events 1000", "--events 100"),
    ("viewer", "--times 3", "--sizes 1000 --times 1"),
    ("at_work", "--seconds 30", "--seconds 4"),
    ("start", "", "--rounds 1"),
    ("at_rest", "--pages 0 --seconds 15", "--pages 0 --seconds 2"),
    ("at_rest", "--pages 5 --seconds 15", "--pages 1 --seconds 2"),
    ("memory", "", "--events 1000 --steps 1"),
)
_PACKAGES = ("django", "djangorestframework", "requests", "uvicorn", "opentelemetry-sdk")


def main() -> int:
    """Run all; return 1 when one failed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="as briefly as each can be run")
    parser.add_argument("--write", action="store_true", help=f"into docs/{_DOCUMENT.name}")
    options = parser.parse_args()
    if options.write and options.quick:
        parser.error("figures of a quick run are none to write down")
    done = [_machine()]
    print(done[0], flush=True)
    failed = []
    for name, full, quick in _ALL:
        arguments = (quick if options.quick else full).split()
        command = " ".join(["python -m", f"benchmarks.{name}", *arguments])
        said = _run(name, arguments)
        if said is None:
            failed.append(command)
            continue
        done.append(f"`{command}`\n\n```\n{said}\n```")
        print(f"\n{done[-1]}", flush=True)
    for command in failed:
        print(f"FAILED: {command}", file=sys.stderr)
    if options.write and not failed:
        _write("\n\n".join(done))
    return 1 if failed else 0


def _machine() -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, Python {sys.version.split()[0]}, {versions}"
    )


def _run(name: str, arguments: list[str]) -> str | None:
    """Run one; return what it printed, or None when it failed."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{name}", *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=_LONGEST_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode == NOT_HERE:
        return f"not run: {done.stdout.strip()}"
    if done.returncode:
        print(done.stdout + done.stderr, file=sys.stderr)
        return None
    return done.stdout.strip()


def _write(figures: str) -> None:
    """Put the figures where those of the last run stand."""
    text = _DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(_BEGIN)
    after = rest.partition(_END)[2]
    _DOCUMENT.write_text(f"{before}{_BEGIN}\n{figures}\n\n{_END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
