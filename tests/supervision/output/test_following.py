"""Each line that a service prints is shown, and becomes one record, until it ends."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from supervision.output.following import Output
from supervision.process import Process
from tests.support.processes import ROOT
from tests.support.waiting import eventually

if TYPE_CHECKING:
    import pytest

    from supervision.output.sender import Printed

CODE = """
import sys, time
print("first")
print('{"msg": "second", "requestId": "r"}')
print("same"); print("same")
sys.stdout.buffer.write(b"no\\xff utf-8\\n" + b"x" * 70_000 + b"\\n\\n")
print("to stderr", file=sys.stderr, flush=True)
sys.stdout.flush()
time.sleep(60)
"""


class Kept:
    """Takes the place of what sends to the observer."""

    def __init__(self) -> None:
        self.records: list[Printed] = []

    def put(self, printed: Printed) -> None:
        self.records.append(printed)

    def bodies(self) -> list[str]:
        return [each.record["body"]["stringValue"] for each in self.records]


def test_lines_become_records(capsys: pytest.CaptureFixture[str]) -> None:
    kept = Kept()
    process = Process(
        name="front#2",
        argv=[sys.executable, "-c", CODE],
        ready_url="tcp://127.0.0.1:1",
        environ=dict(os.environ),
        directory=ROOT,
        whole_tree=True,
        output=Output("front", "front#2", kept),  # type: ignore[arg-type]
    )
    process.start()
    try:
        eventually(lambda: len(kept.records) == 8)
    finally:
        process.kill()
    bodies = [each for each in kept.bodies() if each != "to stderr"]
    assert bodies[:5] == ["first", "second", "same", "same", "no\ufffd utf-8"]
    assert [len(each) for each in bodies[5:]] == [65_536, 4_464]
    assert {(each.service, each.instance) for each in kept.records} == {("front", "front#2")}
    times = [each.record["observedTimeUnixNano"] for each in kept.records]
    assert len(set(times)) == 8
    shown = capsys.readouterr().out
    assert "front#2 | first\n" in shown
    assert 'front#2 | {"msg": "second", "requestId": "r"}\n' in shown
