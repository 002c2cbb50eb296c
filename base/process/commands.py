"""Commands that set up networks and firewalls: printed, and run in order."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from base.errors import CommandFailedError

if TYPE_CHECKING:
    from collections.abc import Sequence

_RUN_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its arguments and its standard input."""

    argv: tuple[str, ...]
    stdin: str = ""
    may_fail: bool = False

    def shown(self) -> str:
        """Return it as a shell command line."""
        line = " ".join(_quoted(word) for word in self.argv)
        return f"{line} <<'EOF'\n{self.stdin}EOF" if self.stdin else line


def run(commands: Sequence[Command]) -> None:
    """Run ``commands`` one after the other.

    :raises CommandFailedError: one without ``may_fail`` failed.
    """
    for command in commands:
        try:
            done = subprocess.run(
                command.argv,
                input=command.stdin,
                capture_output=True,
                text=True,
                timeout=_RUN_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CommandFailedError(f"{command.argv[0]} could not be run: {error}") from None
        if done.returncode and not command.may_fail:
            printed = (done.stderr or done.stdout).strip()
            raise CommandFailedError(f"{command.shown()}\nfailed: {printed}")


def _quoted(word: str) -> str:
    return word if re.fullmatch(r"[\w@%+=:,./-]+", word) else f'"{word}"'
