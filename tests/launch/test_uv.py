"""uv installs where pip is as it comes; whatever is otherwise, or fails, is left to pip."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from launch import uv

PYTHON = Path("python")


class Commands:
    """The commands that were run; ``failing`` has a word of those that fail."""

    def __init__(self) -> None:
        self.ran: list[list[str]] = []
        self.failing = "none"
        self.configured = ""

    def run(self, command: list[Any], **_options: Any) -> subprocess.CompletedProcess[str]:
        words = [str(each) for each in command]
        self.ran.append(words)
        if self.failing == "OSError":
            raise OSError
        return subprocess.CompletedProcess(words, self.failing in words, self.configured, "")


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> Commands:
    """What is run instead of pip and uv."""
    made = Commands()
    monkeypatch.setattr(subprocess, "run", made.run)
    monkeypatch.setattr(shutil, "which", lambda name, path: f"{path}/{name}")
    return made


def installed(version: str | None = "1.2") -> bool:
    return uv.install(Path("r.txt"), python=PYTHON, version=version, only_binary=["grpcio"])


def test_it_installs_for_the_environments_python(commands: Commands) -> None:
    assert installed()
    assert commands.ran[1][-1] == "uv==1.2"
    program, *words = commands.ran[2]
    assert program.endswith("/bin/uv")
    assert words == [
        *("pip", "install", "--quiet", "--python", "python"),
        *("--only-binary", "grpcio", "--requirement", "r.txt"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "global.index-url='https://mirror.example/simple'",
        ":env:.index-url='https://mirror.example/simple'",
        "user.proxy='proxy.example:3128'",
        "global.no-index='true'",
    ],
)
def test_where_pip_is_configured_it_is_left_to_pip(commands: Commands, line: str) -> None:
    commands.configured = line
    assert not installed()
    assert len(commands.ran) == 1


def test_a_further_index_is_no_other_one(commands: Commands) -> None:
    commands.configured = "global.extra-index-url='file:///wheels'\nglobal.cert='/etc/ca.crt'"
    assert installed()


@pytest.mark.parametrize("failing", ["config", "uv==1.2", "r.txt", "OSError"])
def test_what_fails_is_left_to_pip(commands: Commands, failing: str) -> None:
    commands.failing = failing
    assert not installed()


def test_without_a_version_it_is_left_to_pip(commands: Commands) -> None:
    assert not installed(version=None)
    assert all("install" not in each for each in commands.ran)
