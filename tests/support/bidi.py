"""A real Firefox, driven by WebDriver BiDi over its own socket: no driver of its own is needed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from websockets.sync.client import ClientConnection, connect

if TYPE_CHECKING:
    from collections.abc import Iterator

_START_SECONDS = 60.0
_ANSWER_SECONDS = 60.0
_LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
# Nothing is asked of the network but the lab's own pages.
_PREFERENCES = {
    "app.normandy.enabled": False,
    "app.update.auto": False,
    "browser.newtabpage.enabled": False,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "intl.accept_languages": "en",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "",
    "toolkit.telemetry.enabled": False,
    "ui.prefersReducedMotion": 1,
}


class Firefox:
    """One tab of a running Firefox."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._number = 0
        self.complaints: list[str] = []
        """What the browser wrote to its console as a warning or an error."""
        self._call("session.new", capabilities={})
        self._call("session.subscribe", events=["log.entryAdded"])
        self._context: str = self._call("browsingContext.getTree")["contexts"][0]["context"]

    def open(self, url: str) -> None:
        """Open a page and wait until it is loaded."""
        self._call("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def resize(self, width: int, height: int) -> None:
        """Give the page another size, in CSS pixels."""
        viewport = {"width": width, "height": height}
        self._call("browsingContext.setViewport", context=self._context, viewport=viewport)

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression of JavaScript, which must be JSON."""
        found = self._call(
            "script.evaluate",
            expression=f"JSON.stringify({expression})",
            target={"context": self._context},
            awaitPromise=True,
        )
        if found["type"] == "exception":
            raise AssertionError(found["exceptionDetails"]["text"])
        value = found["result"].get("value")
        return None if value is None else json.loads(value)

    def click_at(self, x: float, y: float) -> None:
        """Press and release the pointer at a point of the viewport."""
        pressed = [
            {"type": "pointerMove", "x": round(x), "y": round(y)},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self._act({"type": "pointer", "id": "mouse", "actions": pressed})

    def press(self, key: str) -> None:
        """Press and release a key: a character, or a key's code of WebDriver."""
        pressed = [{"type": kind, "value": key} for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keyboard", "actions": pressed})

    def _act(self, actions: dict[str, Any]) -> None:
        self._call("input.performActions", context=self._context, actions=[actions])

    def _call(self, method: str, **parameters: Any) -> Any:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        self._connection.send(json.dumps(message))
        while True:
            received = json.loads(self._connection.recv(_ANSWER_SECONDS))
            if received.get("method") == "log.entryAdded":
                entry = received["params"]
                if entry["level"] in ("warn", "error"):
                    self.complaints.append(str(entry["text"]))
            if received.get("id") == self._number:
                assert received["type"] == "success", received
                return received["result"]


def firefox_path() -> str | None:
    """Where Firefox is, by ``LAB_FIREFOX`` or among the system's programs; None without one."""
    named = os.environ.get("LAB_FIREFOX")
    return named or shutil.which("firefox-esr") or shutil.which("firefox")


@contextmanager
def firefox(path: str) -> Iterator[Firefox]:
    """Start a Firefox with a profile of its own."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory:
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in _PREFERENCES.items()]
        (Path(directory) / "user.js").write_text("\n".join(lines), encoding="utf-8")
        output = Path(directory) / "output"
        with output.open("wb") as written:
            process = subprocess.Popen(
                [path, "--headless", "--remote-debugging-port=0", "--profile", directory],
                env={**os.environ, "HOME": directory},
                stdout=written,
                stderr=subprocess.STDOUT,
            )
        try:
            # Firefox prints a file for others, and this is the only place that has the port.
            address = _address(process, output)
            with connect(f"{address}/session", max_size=None, open_timeout=30) as connection:
                yield Firefox(connection)
        finally:
            process.terminate()
            process.wait(30)


def _address(process: subprocess.Popen[bytes], output: Path) -> str:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        found = _LISTENING.search(output.read_text(encoding="utf-8", errors="replace"))
        if found:
            return found[1]
        time.sleep(0.05)
    raise AssertionError(f"Firefox did not start: {output.read_text(errors='replace')}")
