"""The tests' browser: the one that is named, else one that is there, else one that is installed."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from launch import browsers
from launch.errors import LaunchError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Commands that this machine has; there is no other browser, and none can be installed."""
    found: dict[str, str] = {}
    monkeypatch.delenv("LAB_BROWSER", raising=False)
    monkeypatch.setattr(shutil, "which", found.get)
    monkeypatch.setattr(browsers, "_PATHS", ())

    def run(command: list[Any], **_options: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", "")

    monkeypatch.setattr(subprocess, "run", run)
    return found


def test_the_one_that_is_named_is_taken(
    there: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    there["chromium"] = "/usr/bin/chromium"
    monkeypatch.setenv("LAB_BROWSER", "/opt/browser")
    assert browsers.find_or_install() == "/opt/browser"


@pytest.mark.parametrize("command", ["chromium", "google-chrome", "msedge"])
def test_one_that_is_there_is_taken(there: dict[str, str], command: str) -> None:
    there[command] = f"/usr/bin/{command}"
    assert browsers.find_or_install() == f"/usr/bin/{command}"


def test_one_at_its_usual_place_is_taken(
    there: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    usual = tmp_path / "chrome.exe"
    usual.touch()
    monkeypatch.setattr(browsers, "_PATHS", (str(tmp_path / "no"), str(usual)))
    assert browsers.find_or_install() == str(usual)


def test_playwrights_own_is_installed_where_there_is_none(
    there: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = tmp_path / "chromium"

    def run(command: list[Any], **_options: Any) -> subprocess.CompletedProcess[str]:
        if "install" in command:
            own.touch()
        return subprocess.CompletedProcess(command, 0, f"{own}\n", "")

    monkeypatch.setattr(subprocess, "run", run)
    assert browsers.find_or_install() == str(own)


@pytest.mark.usefixtures("there")
def test_where_none_can_be_had_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(command: list[Any], **options: Any) -> subprocess.CompletedProcess[str]:
        if "timeout" in options:
            raise subprocess.TimeoutExpired(command, options["timeout"])
        return subprocess.CompletedProcess(command, 1, "", "")

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(LaunchError, match="LAB_BROWSER"):
        browsers.find_or_install()
