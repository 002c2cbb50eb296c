"""Records of active blocks, one JSON file each: the commands that remove them, and their end.

The file is written before the first rule is added, so that no rule is ever without a watchdog.
"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Self

from base.process.commands import Command

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class ActiveBlock:
    """An active block. ``ends_ns`` is in Unix nanoseconds.

    ``token`` distinguishes it from an earlier or later block of the same name.
    """

    name: str
    token: str
    ends_ns: int
    undo: tuple[Command, ...]
    netns: str = ""
    words: str = ""

    @classmethod
    def starting_now(
        cls, name: str, *, seconds: float, undo: list[Command], netns: str, words: str
    ) -> Self:
        """Make the record of a block that starts now."""
        ends_ns = time.time_ns() + round(seconds * 1e9)
        return cls(name, secrets.token_hex(8), ends_ns, tuple(undo), netns, words)

    @property
    def remaining_seconds(self) -> float:
        """Seconds until it ends, never below 0."""
        return max(0.0, (self.ends_ns - time.time_ns()) / 1e9)

    def write(self, directory: Path) -> Path:
        """Write it to ``directory``, replacing one of the same name."""
        directory.mkdir(parents=True, exist_ok=True)
        path = directory / f"{self.name}.json"
        draft = path.with_suffix(f".{self.token}")
        draft.write_text(json.dumps(asdict(self)), encoding="utf-8")
        draft.replace(path)
        return path


def read(path: Path) -> ActiveBlock | None:
    """Read one; None when it has been removed."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    undo = tuple(
        Command(tuple(each["argv"]), each["stdin"], each["may_fail"]) for each in data.pop("undo")
    )
    return ActiveBlock(undo=undo, **data)


def read_all(directory: Path) -> list[ActiveBlock]:
    """Read all in ``directory``."""
    found = (read(path) for path in sorted(directory.glob("*.json")))
    return [each for each in found if each is not None]


def remove(path: Path, *, token: str) -> None:
    """Remove the file of one block, unless another has replaced it."""
    block = read(path)
    if block is not None and block.token == token:
        path.unlink(missing_ok=True)
