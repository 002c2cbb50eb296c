"""The things that make the viewer fast, each taken out of the page on its way to the browser."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard.joined import FIRST, LATER

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

_ENTRY = "dashboard/pages/trace.js"
_FIRST_ROWS = re.compile(r'<script id="trace-first".*?</script>', re.DOTALL)
_STATIC = re.compile(r"/static/[0-9a-f]{16}/")
_OF_BODY = ("content-encoding", "content-length")


@dataclass(frozen=True)
class Step:
    """What is changed of what comes: of the page itself, or of a file of modules."""

    change: Callable[[str], str]
    of: str = ""


def _all_at_once(html: str) -> str:
    """Have the browser load at once what is loaded when it is needed."""
    return re.sub(
        rf'(<script type="module" src="[^"]*){FIRST}',
        lambda found: f'{found[1]}{LATER}{_ENTRY}"></script>{found[0]}',
        html,
    )


def _replacing(before: str, after: str) -> Callable[[str], str]:
    def replaced(text: str) -> str:
        assert before in text, f"the page has no {before!r} any more"
        return text.replace(before, after, 1)

    return replaced


STEPS = {
    "as it is": Step(lambda html: html),
    "in pieces instead of packed": Step(
        _replacing(
            "const packed = first.next === null ? null : this.#packed();",
            "if (first.next !== null) {"
            " this.#addSpans(first); yield; return void (yield* this.#rest(first.next)); }"
            " const packed = null;",
        ),
        of=FIRST,
    ),
    "a line for each row of the small map": Step(
        _replacing("const MOST_LINES = 1_000;", "const MOST_LINES = Infinity;"),
        of=FIRST,
    ),
    "all views loaded at once": Step(_all_at_once),
    "each module a file": Step(lambda html: html.replace(FIRST, "")),
    "no rows in the page": Step(lambda html: _FIRST_ROWS.sub("", html)),
    "no files kept for good": Step(lambda html: _STATIC.sub("/static/", html)),
    "no compression": Step(lambda html: html),
}


def take_out(page: Page, url: str, name: str) -> None:
    """Take a step out of what a page is sent; the browser's own store goes on as it does."""
    step = STEPS[name]
    session = page.context.new_cdp_session(page)

    def pass_on(paused: dict[str, Any]) -> None:
        request = {"requestId": paused["requestId"]}
        sent = session.send("Fetch.getResponseBody", request)
        text = base64.b64decode(sent["body"]).decode()
        body = base64.b64encode(step.change(text).encode()).decode()
        kept = [each for each in paused["responseHeaders"] if each["name"].lower() not in _OF_BODY]
        answer = {"responseCode": paused["responseStatusCode"], "responseHeaders": kept}
        session.send("Fetch.fulfillRequest", {**request, **answer, "body": body})

    session.on("Fetch.requestPaused", pass_on)
    pattern = f"*{step.of}*" if step.of else url
    session.send(
        "Fetch.enable", {"patterns": [{"urlPattern": pattern, "requestStage": "Response"}]}
    )
    if name == "no compression":
        session.send("Network.enable")
        headers = {"Accept-Encoding": "identity"}
        session.send("Network.setExtraHTTPHeaders", {"headers": headers})
