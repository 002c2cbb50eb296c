"""What people do most, tried in WebKit: ``python -m tests.webkit``.

WebKitGTK's own driver and its MiniBrowser are used (on Debian ``apt-get install webkit2gtk-driver
xvfb``). A lab is started for it; printed is how each flow went. It ends with 3 without a WebKit.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from tests.page.flows import FLOWS, name_of
from tests.support.ports import free_ports
from tests.support.processes import LabProcesses
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOT_THERE = 3
_BROWSERS = ("/usr/lib", "/usr/libexec")
_TIMEOUT_SECONDS = 60


class WebKit:
    """One tab of a running MiniBrowser, by the classic WebDriver protocol."""

    def __init__(self, driver: str, browser: str) -> None:
        self._http = requests.Session()
        options = {"binary": browser, "args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        self._url = f"{driver}/session"
        made = self._send("POST", "", {"capabilities": wanted})
        self._url = f"{driver}/session/{made['sessionId']}"

    def open(self, url: str) -> None:
        """Open a page and wait until it is loaded."""
        self._send("POST", "/url", {"url": url})

    def resize(self, width: int, height: int) -> None:
        """Give the page another size, in CSS pixels: the window is as much larger as it must be."""
        self._send("POST", "/window/rect", {"width": width, "height": height})
        missing = width - int(self.evaluate("innerWidth"))
        if missing:
            self._send("POST", "/window/rect", {"width": width + missing, "height": height})

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression of JavaScript."""
        return self._send("POST", "/execute/sync", {"script": f"return {expression}", "args": []})

    def click_at(self, x: float, y: float) -> None:
        """Press and release the pointer at a point of the viewport."""
        pressed = [
            {"type": "pointerMove", "x": round(x), "y": round(y), "duration": 0},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self._act({"type": "pointer", "id": "mouse", "actions": pressed})

    def press(self, key: str) -> None:
        """Press and release a key: a character, or a key's code of WebDriver."""
        pressed = [{"type": kind, "value": key} for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keyboard", "actions": pressed})

    def close(self) -> None:
        """Close the browser."""
        self._send("DELETE", "")
        self._http.close()

    def _act(self, actions: dict[str, Any]) -> None:
        self._send("POST", "/actions", {"actions": [actions]})

    def _send(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        url = f"{self._url}{path}"
        answer = self._http.request(method, url, json=body, timeout=_TIMEOUT_SECONDS)
        value = answer.json()["value"]
        assert answer.ok, value
        return value


@contextmanager
def webkit(driver: str, browser: str) -> Iterator[WebKit]:
    """Start the driver with a display of its own, and a browser by it."""
    port, display = free_ports(2)
    number = f":{display % 50_000}"
    with contextlib.ExitStack() as ended:
        screen = ["Xvfb", number, "-screen", "0", "1440x1000x24", "-nolisten", "tcp"]
        _run(ended, screen, dict(os.environ))
        # Without a sandbox of its own, which needs more rights than a test has.
        environ = {
            **os.environ,
            "DISPLAY": number,
            "GDK_BACKEND": "x11",
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
            "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
            "LANGUAGE": "en",
        }
        _run(ended, [driver, f"--port={port}"], environ)
        url = f"http://127.0.0.1:{port}"
        eventually(lambda: _is_up(url), seconds=30)
        opened = WebKit(url, browser)
        ended.callback(opened.close)
        yield opened


def _run(ended: contextlib.ExitStack, command: list[str], environ: dict[str, str]) -> None:
    process = subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL)
    ended.callback(process.wait, 30)
    ended.callback(process.terminate)


def _is_up(url: str) -> bool:
    try:
        return requests.get(f"{url}/status", timeout=1).ok
    except requests.ConnectionError:
        return False


def main() -> int:
    """Try each flow; return how many did not work."""
    driver = shutil.which("WebKitWebDriver")
    found = [path for where in _BROWSERS for path in Path(where).glob("**/MiniBrowser")]
    if driver is None or not found or shutil.which("Xvfb") is None:
        print("there is no WebKit: apt-get install webkit2gtk-driver xvfb", file=sys.stderr)
        return _NOT_THERE
    failed = 0
    with (
        tempfile.TemporaryDirectory() as directory,
        LabProcesses(Path(directory)) as lab,
        webkit(driver, str(found[0])) as browser,
    ):
        print(browser.evaluate("navigator.userAgent"))
        for flow in FLOWS:
            lab.restore()
            began = time.monotonic()
            try:
                flow(browser, lab)
            except Exception:  # noqa: BLE001 (whatever went wrong, the others are tried)
                failed += 1
                print(f"failed: {name_of(flow)}\n{traceback.format_exc()}")
            else:
                print(f"works: {name_of(flow)}, {time.monotonic() - began:.1f} s", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
