"""Finding or installing a Chromium-family browser for the tests of the page."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from launch.console import step
from launch.environment import python
from launch.errors import LaunchError

_COMMANDS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "msedge",
    "chrome",
)
_PATHS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
)
_PRINT_PATH = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""
_APT_PACKAGES = ("chromium", "fonts-noto-cjk", "fonts-noto-color-emoji")


def find_or_install() -> str:
    """Return the browser's path.

    :raises LaunchError: there is none, and none could be installed.
    """
    found = _find()
    if found is None:
        step("No Chromium, Chrome or Edge found: installing one …")
        if not _install_playwright_browser():
            _install_system_package()
        found = _find()
    if found is None:
        raise LaunchError(
            "the tests of the page need Chromium, Chrome or Edge, and none could be installed:"
            " install one, or name it in LAB_BROWSER."
        )
    return found


def _find() -> str | None:
    named = os.environ.get("LAB_BROWSER")
    if named:
        return named
    for command in _COMMANDS:
        path = shutil.which(command)
        if path:
            return path
    return next((path for path in (*_PATHS, _playwright_browser()) if Path(path).is_file()), None)


def _playwright_browser() -> str:
    completed = subprocess.run(
        [python(), "-c", _PRINT_PATH], check=False, capture_output=True, text=True
    )
    return completed.stdout.strip() or "none"


def _install_playwright_browser() -> bool:
    try:
        installed = subprocess.run(
            [python(), "-m", "playwright", "install", "chromium"],
            check=False,
            capture_output=True,
            timeout=300,
        )
    except subprocess.TimeoutExpired:
        return False
    return installed.returncode == 0


def _install_system_package() -> None:
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-qq"], ["install", "-y", "-qq", *_APT_PACKAGES]):
            subprocess.run(["apt-get", *command], check=False, capture_output=True, env=environ)
