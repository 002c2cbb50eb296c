"""``.venv`` is made once, and installed into when requirements change; else it is said why not."""

from __future__ import annotations

import subprocess
import venv
from typing import TYPE_CHECKING, Any

import pytest

from launch import environment, uv
from launch.errors import LaunchError

if TYPE_CHECKING:
    from pathlib import Path


class Pip:
    """What would be installed, and how pip ends."""

    def __init__(self) -> None:
        self.installed: list[str] = []
        self.stderr = ""

    def run(self, command: list[Any], **_options: Any) -> subprocess.CompletedProcess[str]:
        self.installed.append(command[-1].name)
        return subprocess.CompletedProcess(command, 1 if self.stderr else 0, "", self.stderr)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's folder without an environment."""
    for name in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text("django", encoding="ascii")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")

    def create(directory: Path, *, with_pip: bool) -> None:
        assert with_pip
        environment.python().parent.mkdir(parents=True)
        environment.python().touch()

    monkeypatch.setattr(venv, "create", create)
    return tmp_path


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch) -> Pip:
    """The pip that is asked."""
    made = Pip()
    monkeypatch.setattr(subprocess, "run", made.run)
    monkeypatch.setattr(uv, "install", lambda *_, **__: False)
    return made


def test_it_is_installed_once(root: Path, pip: Pip) -> None:
    environment.prepare("requirements.txt")
    environment.prepare("requirements.txt")
    assert pip.installed == ["requirements.txt"]


def test_changed_requirements_are_installed_again(root: Path, pip: Pip) -> None:
    environment.prepare("requirements.txt")
    (root / "requirements.txt").write_text("django, channels", encoding="ascii")
    environment.prepare("requirements.txt")
    assert pip.installed == ["requirements.txt"] * 2


def test_what_the_tests_need_contains_what_the_lab_needs_and_not_the_other_way(
    root: Path, pip: Pip
) -> None:
    environment.prepare("requirements.txt")
    environment.prepare("requirements-dev.txt")
    environment.prepare("requirements.txt")
    environment.prepare("requirements-dev.txt")
    assert pip.installed == ["requirements.txt", "requirements-dev.txt"]


def test_after_a_failure_it_is_tried_again(root: Path, pip: Pip) -> None:
    pip.stderr = "ERROR: No matching distribution found for moon\n"
    for _ in range(2):
        with pytest.raises(LaunchError, match="No matching distribution found for moon"):
            environment.prepare("requirements.txt")
    assert len(pip.installed) == 2


def test_a_half_made_environment_is_made_anew(root: Path, pip: Pip) -> None:
    (root / ".venv" / "left").mkdir(parents=True)
    environment.prepare("requirements.txt")
    assert not (root / ".venv" / "left").exists()
    assert environment.python().exists()


def test_an_environment_that_can_not_be_made_leaves_nothing_half_made(
    root: Path, pip: Pip, monkeypatch: pytest.MonkeyPatch
) -> None:
    def create(directory: Path, *, with_pip: bool) -> None:
        directory.mkdir()
        raise OSError("no ensurepip")

    monkeypatch.setattr(venv, "create", create)
    with pytest.raises(LaunchError, match=r"no ensurepip.*python3-venv"):
        environment.prepare("requirements.txt")
    assert not (root / ".venv").exists()
    assert pip.installed == []


@pytest.mark.parametrize(
    ("stderr", "why"),
    [
        ("WARNING: x\nNewConnectionError: refused\nERROR: y\n", r"can't be reached.*: y"),
        ("Temporary failure in name resolution", "check the network"),
        ("ERROR: first\nERROR: last\nnote", "could not be installed: last"),
        ("only this", "could not be installed: only this"),
        (" ", "pip gave no reason"),
    ],
)
def test_why_a_package_could_not_be_installed_is_said(
    root: Path, pip: Pip, stderr: str, why: str
) -> None:
    pip.stderr = stderr
    with pytest.raises(LaunchError, match=why):
        environment.prepare("requirements.txt")


def test_what_is_optional_and_has_no_wheel_is_left_out_and_named(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = "cramjam==1\ndjango==5\ngrpcio==1\nopentelemetry-exporter-otlp-proto-grpc==1"
    (root / "requirements.txt").write_text(listed, encoding="ascii")
    tried: list[str] = []

    def pip_install(requirements: Path) -> str | None:
        tried.append(requirements.read_text(encoding="utf-8"))
        wanted = "ERROR: Could not find a version that satisfies the requirement grpcio"
        return (
            f"{wanted} (from opentelemetry-exporter-otlp-proto-grpc)" * ("grpc" in tried[-1])
            or None
        )

    monkeypatch.setattr(uv, "install", lambda *_, **__: False)
    monkeypatch.setattr(environment, "_pip_install", pip_install)
    environment.prepare("requirements.txt")
    assert tried == [listed, "cramjam==1\ndjango==5"]
    assert "grpcio has no wheel for this system and Python: there is no OTLP/gRPC." in (
        capsys.readouterr().out
    )


def test_what_uv_has_installed_pip_is_not_asked_for(
    root: Path, pip: Pip, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "requirements-dev.txt").write_text("django\nuv==1.2\n", encoding="ascii")
    asked: list[tuple[str, str | None]] = []

    def install(requirements: Path, *, version: str | None, **_: object) -> bool:
        asked.append((requirements.name, version))
        return True

    monkeypatch.setattr(uv, "install", install)
    environment.prepare("requirements.txt")
    assert (asked, pip.installed) == ([("requirements.txt", "1.2")], [])
