"""A block is removed when its time is over, also after failures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from base.process.commands import Command
from faults.errors import FirewallError
from faults.firewall import active, system, watchdog

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

UNDO = Command(("undo",))


class System:
    """Records the commands that were run; the first ``failures`` of them fail."""

    def __init__(self) -> None:
        self.ran: list[Command] = []
        self.failures = 0

    def run(self, commands: Sequence[Command]) -> None:
        if self.failures:
            self.failures -= 1
            raise FirewallError("not now")
        self.ran += commands


@pytest.fixture
def firewall(monkeypatch: pytest.MonkeyPatch) -> System:
    made = System()
    monkeypatch.setattr(system, "run", made.run)
    return made


def block(directory: Path, *, seconds: float = 0.05) -> tuple[Path, str]:
    made = active.ActiveBlock.starting_now(
        "worker", seconds=seconds, undo=[UNDO], netns="", words=""
    )
    return made.write(directory), made.token


def test_the_block_and_its_file_are_removed(firewall: System, tmp_path: Path) -> None:
    path, token = block(tmp_path)
    watchdog.watch(path, token)
    assert firewall.ran == [UNDO]
    assert not path.exists()


def test_it_is_tried_again_until_it_holds(firewall: System, tmp_path: Path) -> None:
    firewall.failures = 2
    path, token = block(tmp_path)
    watchdog.watch(path, token)
    assert firewall.ran == [UNDO]


def test_a_file_that_can_not_be_read_for_a_moment_does_not_end_the_watch(
    firewall: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, failures = active.read, iter([OSError("busy"), ValueError("half a file")])

    def flaky(path: Path) -> active.ActiveBlock | None:
        error = next(failures, None)
        if error is not None:
            raise error
        return read(path)

    monkeypatch.setattr(active, "read", flaky)
    path, token = block(tmp_path)
    watchdog.watch(path, token)
    assert firewall.ran == [UNDO]


@pytest.mark.parametrize("gone", [True, False], ids=["undone", "replaced"])
def test_it_leaves_a_block_that_is_not_its_own(
    firewall: System, tmp_path: Path, *, gone: bool
) -> None:
    path, token = block(tmp_path, seconds=60)
    if gone:
        path.unlink()
    else:
        block(tmp_path, seconds=60)
    watchdog.watch(path, token)
    assert firewall.ran == []
