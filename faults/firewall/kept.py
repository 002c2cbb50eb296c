"""Blocks in force, one small file each: what undoes them and until when they last.

The file is written before the first rule is made, so that there is never a rule without somebody
who will undo it.
"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Self

from faults.firewall.block import Command

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class KeptBlock:
    """A block in force. ``ends_ns`` is in nanoseconds of the system's clock.

    ``token`` tells this block from an earlier or later one of the same name.
    """

    name: str
    token: str
    ends_ns: int
    undo: tuple[Command, ...]
    netns: str = ""
    words: str = ""

    @classmethod
    def lasting(
        cls, name: str, *, seconds: float, undo: list[Command], netns: str, words: str
    ) -> Self:
        """Describe a block that begins now."""
        ends_ns = time.time_ns() + round(seconds * 1e9)
        return cls(name, secrets.token_hex(8), ends_ns, tuple(undo), netns, words)

    @property
    def remaining_seconds(self) -> float:
        """Seconds until it ends, never below 0."""
        return max(0.0, (self.ends_ns - time.time_ns()) / 1e9)

    def write(self, directory: Path) -> Path:
        """Keep it in ``directory``, in place of one of the same name."""
        directory.mkdir(parents=True, exist_ok=True)
        path = directory / f"{self.name}.json"
        draft = path.with_suffix(f".{self.token}")
        draft.write_text(json.dumps(asdict(self)), encoding="utf-8")
        draft.replace(path)
        return path


def read(path: Path) -> KeptBlock | None:
    """Read one; None when it has gone."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    undo = tuple(
        Command(tuple(each["argv"]), each["stdin"], each["may_fail"]) for each in said.pop("undo")
    )
    return KeptBlock(undo=undo, **said)


def read_all(directory: Path) -> list[KeptBlock]:
    """Read all that are kept in ``directory``."""
    found = (read(path) for path in sorted(directory.glob("*.json")))
    return [each for each in found if each is not None]


def forget(path: Path, *, token: str) -> None:
    """Remove the file of one block, unless another has taken its place."""
    kept = read(path)
    if kept is not None and kept.token == token:
        path.unlink(missing_ok=True)
