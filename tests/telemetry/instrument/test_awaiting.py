"""What is recorded before the observer listens is exported once it does, not tried before."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from telemetry.instrument.awaiting import StartOf
from telemetry.instrument.batching import Batcher
from tests.support.ports import free_ports
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Sequence


def test_nothing_is_exported_before_somebody_listens_and_all_of_it_after() -> None:
    [port] = free_ports(1)
    exported: list[int] = []
    asked: list[bool] = []
    start = StartOf(f"http://127.0.0.1:{port}")

    def is_awaited() -> bool:
        asked.append(start.is_awaited())
        return asked[-1]

    def export(batch: Sequence[int]) -> bool:
        exported.extend(batch)
        return True

    batcher = Batcher("test", export, delay_ms=1, is_awaited=is_awaited)
    batcher.put(1)
    eventually(lambda: len(asked) >= 2)
    assert (exported, batcher.lost) == ([], 0)
    with socket.create_server(("127.0.0.1", port)):
        batcher.put(2)
        eventually(lambda: exported == [1, 2])
    # Once it has been there, its absence is a failure like any other.
    batcher.put(3)
    eventually(lambda: exported == [1, 2, 3])
    batcher.stop(seconds=2)


def test_one_that_never_comes_is_not_awaited_for_ever() -> None:
    [port] = free_ports(1)
    assert StartOf(f"http://127.0.0.1:{port}").is_awaited()
    assert not StartOf(f"http://127.0.0.1:{port}", longest_seconds=0).is_awaited()


def test_what_is_queued_at_the_end_is_tried_all_the_same() -> None:
    exported: list[int] = []

    def fail(batch: Sequence[int]) -> bool:
        exported.extend(batch)
        return False

    batcher = Batcher("test", fail, delay_ms=1, is_awaited=lambda: True)
    batcher.put(1)
    batcher.stop(seconds=2)
    assert (exported, batcher.lost) == ([1], 1)
