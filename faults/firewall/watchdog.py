"""Undoes a block when its time is over, whoever has been killed meanwhile.

Run as ``python -m faults.firewall.watchdog FILE TOKEN``: a process of its own session that belongs
to nobody, looks at its clock, and leaves when the block has been undone or replaced by another.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from faults.firewall import kept, system
from faults.firewall.block import FirewallError

_LOOK_SECONDS = 0.2
_TRIES = 5
_HOUSE = Path(__file__).resolve().parent.parent.parent


def start(path: Path, *, token: str) -> None:
    """Start the watchdog of the block kept at ``path`` and let it go."""
    argv = [sys.executable, "-m", "faults.firewall.watchdog", str(path.resolve()), token]
    if os.name == "nt":
        # Names that only Windows has.
        flags = ("CREATE_NEW_PROCESS_GROUP", "DETACHED_PROCESS")
        _spawn(argv, creationflags=sum(getattr(subprocess, flag) for flag in flags))
        return
    # The one that is started here ends at once, so that its child is nobody's: neither a zombie of
    # the lab nor one of those that the lab ends when it stops.
    _spawn([*argv, "--detach"], start_new_session=True).wait()


def watch(path: Path, token: str) -> None:
    """Wait for the end of the block and undo it; return early when that has been done."""
    started = time.monotonic()
    block = kept.read(path)
    if block is None or block.token != token:
        return
    # A clock that is set back must not make the block longer.
    ends = started + block.remaining_seconds
    while time.monotonic() < ends:
        time.sleep(min(_LOOK_SECONDS, max(0.0, ends - time.monotonic())))
        now = kept.read(path)
        if now is None or now.token != token:
            return
    for _ in range(_TRIES):
        try:
            system.run(block.undo)
        except FirewallError:
            time.sleep(1)
        else:
            break
    kept.forget(path, token=token)


def _spawn(argv: list[str], **how: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        argv,
        cwd=_HOUSE,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **how,
    )


def _main(argv: list[str]) -> None:
    if "--detach" in argv and os.fork():
        return
    watch(Path(argv[0]), argv[1])


if __name__ == "__main__":
    _main(sys.argv[1:])
