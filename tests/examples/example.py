"""A lab with an example's system, started by the one command of its page."""

from __future__ import annotations

import re
import shutil
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.processes import ROOT, LabProcesses
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

EXAMPLES = ROOT / "examples"
_UNREACHABLE = re.compile(
    r"ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|NewConnectionError|ProxyError"
    r"|name resolution|from versions: none|[Cc]ould not resolve host|no such host",
)


class ExampleLab(LabProcesses):
    """``python lab.py --system FILE``, once ``changes`` are made in it, as of its ports."""

    program = ("lab.py",)

    def __init__(
        self, file: Path, directory: Path, changes: Mapping[str, str] | None = None
    ) -> None:
        directory.mkdir(exist_ok=True)
        super().__init__(directory, "--system", str(file))
        usual = {
            "4000": "API",
            "4001": "WORKER",
            "4300": "CLIENT_TO_API",
            "4100": "API_TO_WORKER",
            "4200": "WORKER_TO_API",
        }
        changed = {port: str(self.ports[name]) for port, name in usual.items()} | dict(
            changes or {}
        )
        text = file.read_text(encoding="utf-8").replace('"../.."', f"'{ROOT}'")
        words = re.compile("|".join(rf"(?<!\w){re.escape(word)}" for word in changed))
        text = words.sub(lambda found: changed[found[0]], text)
        file.write_text(text, encoding="utf-8")

    def act(self, name: str) -> dict[str, Any]:
        """Send an action once."""
        answer = self.session.post(f"{self.observer_url}/api/actions/{name}", json={}, timeout=30)
        assert answer.ok, answer.text
        sent: dict[str, Any] = answer.json()["sent"][0]
        return sent

    def logged(self, trace_id: str) -> list[tuple[str, str]]:
        """Who logged what in a trace, in order."""
        return [
            (each["service"], each["msg"]) for each in self.get(f"/api/traces/{trace_id}")["logs"]
        ]

    def printed(self, service: str) -> list[tuple[str, str]]:
        """What a service has logged, in a trace or not."""
        return [
            (each["service"], each["msg"])
            for each in self.get("/api/logs", service=service)["logs"]
        ]

    def explained(self, trace_id: str, perspective: str = "all") -> list[str]:
        """The headline and the sentences about a trace, with N for each time.

        Left out is what the links' journal adds, and that a side worked on after its answer: on a
        busy machine any may.
        """
        path = f"/api/traces/{trace_id}/evidence"
        found = self.get(path, perspective=perspective)["diagnosis"]
        texts = [found["headline"], *filter(None, map(_text, found["sentences"]))]
        return [re.sub(r"(?<![\w.#])\d[\d,]*(?= ms)", "N", text) for text in texts]

    def expect(self, trace_id: str, expected: list[str], perspective: str = "all") -> None:
        """Wait until exactly this is said of a trace, once its spans are there."""
        with suppress(AssertionError):
            eventually(lambda: self.explained(trace_id, perspective) == expected, seconds=20)
        found = self.explained(trace_id, perspective)
        assert found == expected, found

    def expect_headline(self, trace_id: str, *expected: str) -> None:
        """Wait until the headline of a trace begins with one of these, once its spans are there.

        Where nothing failed it may go on: on a busy machine a span ends a little after its answer.
        """
        with suppress(AssertionError):
            eventually(lambda: self.explained(trace_id)[0].startswith(expected), seconds=20)
        assert self.explained(trace_id)[0].startswith(expected), self.explained(trace_id)


def _text(sentence: dict[str, Any]) -> str:
    is_beside = sentence["code"].startswith(("journal.", "calls.served_on"))
    return "" if is_beside else str(sentence["text"])


def copy_of(name: str, directory: Path) -> Path:
    """Copy an example, without what was installed in it, and return the copy."""
    ignored = shutil.ignore_patterns("node_modules", "__pycache__", ".venv")
    return shutil.copytree(EXAMPLES / name, directory / name, ignore=ignored)


def require(program: str) -> str:
    """Find a program; skip where there is none."""
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"there is no {program} here")
    return found


def run_or_skip(command: list[str], directory: Path) -> None:
    """Install something; skip where there is no such program, or nowhere to install from."""
    program = require(command[0])
    done = subprocess.run(
        [program, *command[1:]],
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    if done.returncode and _UNREACHABLE.search(done.stderr):
        pytest.skip(f"{command[0]} can't reach its registry: {done.stderr.strip()[-200:]}")
    assert done.returncode == 0, done.stderr
