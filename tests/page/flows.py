"""What people do most, done with any browser that can be driven: the same for each of them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Protocol

from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.processes import LabProcesses

_SECONDS = 20.0
# Where an element that can be seen, begins with a text and lies under nothing else is pressed.
_MIDDLE = """((selector, text) => {
  const name = (each) => each.getAttribute("aria-label") ?? each.textContent;
  const found = [...document.querySelectorAll(selector)]
    .find((each) => each.checkVisibility() && name(each).trim().startsWith(text));
  if (!found) return null;
  found.scrollIntoView({ block: "nearest" });
  const box = found.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  const hit = document.elementFromPoint(x, y);
  return found.contains(hit) ? [x, y] : null;
})"""
# The pieces of a trace that a page has requested.
_FETCHED = """performance.getEntriesByType("resource")
  .map((each) => each.name).filter((each) => each.includes("/spans?"))"""


class Driven(Protocol):
    """A browser's tab that is driven from outside."""

    def open(self, url: str) -> None:
        """Open a page and wait until it is loaded."""

    def resize(self, width: int, height: int) -> None:
        """Give the page another size, in CSS pixels."""

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression of JavaScript."""

    def click_at(self, x: float, y: float) -> None:
        """Press and release the pointer at a point of the viewport."""

    def press(self, key: str) -> None:
        """Press and release a key."""


def click(browser: Driven, selector: str, text: str = "") -> None:
    """Press the first element of ``selector`` that can be pressed and begins with ``text``."""
    where: list[list[float]] = []

    def found() -> bool:
        middle = browser.evaluate(f"{_MIDDLE}({json.dumps(selector)}, {json.dumps(text)})")
        where[:] = [middle] if middle else []
        return bool(where)

    eventually(found, seconds=_SECONDS)
    browser.click_at(*where[0])


def text_of(browser: Driven, selector: str) -> str:
    """What the first element of ``selector`` says; empty without one."""
    expression = f"document.querySelector({json.dumps(selector)})?.innerText ?? ''"
    return str(browser.evaluate(expression))


def shows(browser: Driven, selector: str, *texts: str) -> None:
    """Wait until the first element of ``selector`` says ``texts``."""
    eventually(lambda: all(text in text_of(browser, selector) for text in texts), seconds=_SECONDS)


def count(browser: Driven, selector: str) -> int:
    """How many elements there are of ``selector``."""
    return int(browser.evaluate(f"document.querySelectorAll({json.dumps(selector)}).length"))


def open_live(browser: Driven, url: str) -> None:
    """Open a page of the lab and wait until it is live."""
    browser.open(url)
    until(browser, "document.querySelector('#connection')?.dataset.state === 'live'")


def until(browser: Driven, expression: str) -> None:
    """Wait until an expression is true; between two pages there is no document."""
    value = f"document.documentElement !== null && Boolean({expression})"
    eventually(lambda: bool(browser.evaluate(value)), seconds=_SECONDS)


def place(browser: Driven) -> str:
    """Place an order from an open bench, wait until it is shown, and return its short id."""
    # Once the list was read, it says how the two sides compare.
    until(browser, "document.querySelector('lab-orders [role=status]')?.textContent")
    newest = "lab-orders tbody button"
    before = text_of(browser, newest)
    click(browser, "lab-place button", "Place order")
    eventually(lambda: text_of(browser, newest) not in ("", before), seconds=_SECONDS)
    placed = text_of(browser, newest)
    shows(browser, "lab-orders tr[aria-current]", placed)
    return placed


def an_order_is_placed(browser: Driven, lab: LabProcesses) -> None:
    """Both sides agree on it, and its trace begins in this browser."""
    open_live(browser, lab.observer_url)
    place(browser)
    shows(browser, "lab-orders tbody tr", "CONFIRMED", "RESERVED")
    shows(browser, "lab-diagnosis .headline", "both sides agree")
    shows(browser, "lab-waterfall", "order.click", "order.confirm")


def a_link_is_cut_and_healed(browser: Driven, lab: LabProcesses) -> None:
    """An order stays PENDING with the reason; after that one goes well again."""
    open_live(browser, lab.observer_url)
    click(browser, "lab-map [data-target=api-to-worker]")
    click(browser, "lab-fault-menu button", "Cut")
    until(browser, "document.querySelector('lab-map .broken [data-target=api-to-worker]')")
    browser.press("\ue00c")
    place(browser)
    shows(browser, "lab-orders tbody tr", "PENDING", "connect_refused")
    shows(browser, "lab-diagnosis .headline", "the job never reached")
    click(browser, "lab-heal button", "Heal all")
    until(browser, "!document.querySelector('lab-map .broken')")
    place(browser)
    shows(browser, "lab-orders tbody tr", "CONFIRMED")


def a_trace_is_opened_from_every_side(browser: Driven, lab: LabProcesses) -> None:
    """Its rows, a span's details and each of its views."""
    lab.set_fault("worker", "slow", ms=1_200)
    order_id = lab.place_order().json()["orderId"]
    lab.heal_all()

    def stored() -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = lab.get("/api/traces", orderId=order_id)["traces"]
        return [each for each in listed if each["spanCount"] >= 9]

    eventually(stored, seconds=_SECONDS)
    open_live(browser, f"{lab.observer_url}/traces/{stored()[0]['traceId']}")
    shows(browser, "lab-diagnosis .headline", "the worker was slow")
    click(browser, "lab-waterfall .span:nth-of-type(n+3)")
    shows(browser, "lab-waterfall .details", "self time")
    for key, view in (("2", "messages"), ("3", "truths"), ("4", "trace-logs"), ("5", "checklist")):
        browser.press(key)
        until(browser, f"document.querySelector('.tabpanel > lab-{view}')?.innerText.length > 40")
    click(browser, "lab-trace [role=tab]", "Timeline")
    until(browser, "document.querySelector('lab-waterfall .span')?.checkVisibility()")
    listed = browser.evaluate(_FETCHED)
    assert len(set(listed)) == len(listed), "a piece of the trace was fetched twice"


def what_others_do_is_shown(browser: Driven, lab: LabProcesses) -> None:
    """An order that somebody else places reaches the bench by itself, and the log as well."""
    open_live(browser, lab.observer_url)
    click(browser, "lab-log [role=tab]", "Everything")
    order_id = lab.place_order().json()["orderId"]
    shows(browser, "lab-orders tbody tr", order_id[:8], "CONFIRMED")
    shows(browser, "lab-stream", "order confirmed")


def it_is_read_in_japanese(browser: Driven, lab: LabProcesses) -> None:
    """The page in another language, dates included, and back."""
    lab.place_order()
    open_live(browser, lab.observer_url)
    click(browser, "header button", "日本語")
    until(browser, "document.documentElement.lang === 'ja' && document.readyState === 'complete'")
    until(browser, "document.querySelector('#connection')?.dataset.state === 'live'")
    shows(browser, "lab-orders .head", "注文")
    shows(browser, "lab-diagnosis .headline", "双方の認識が一致")
    click(browser, "header button", "English")
    until(browser, "document.documentElement.lang === 'en'")


def a_narrow_screen_is_enough(browser: Driven, lab: LabProcesses) -> None:
    """At 390 pixels no page scrolls sideways, one of the long lessons least of all."""
    browser.resize(390, 844)
    for path in ("/", "/traces", "/lesson/logging", "/experiments"):
        open_live(browser, f"{lab.observer_url}{path}")
        until(browser, "document.documentElement.scrollWidth <= innerWidth")
    browser.resize(1280, 800)


def a_prompt_is_filled_with_an_order(browser: Driven, lab: LabProcesses) -> None:
    """The lesson's prompt has the evidence of the newest order, and the page goes on."""
    order_id = lab.place_order().json()["orderId"]
    eventually(lambda: lab.get("/api/traces", orderId=order_id)["traces"], seconds=_SECONDS)
    open_live(browser, f"{lab.observer_url}/lesson/logging")
    prompt = "document.querySelector('lab-prompt textarea')?.value"
    until(browser, f"{prompt}?.includes({json.dumps(order_id)})")
    browser.evaluate("document.querySelector('lab-prompt').scrollIntoView() ?? null")
    # A browser that dies of it does so once it is to be drawn.
    drawn = "document.body.dataset.drawn"
    browser.evaluate(f"setTimeout(() => requestAnimationFrame(() => {drawn} = 'yes'), 100)")
    until(browser, f"{drawn} === 'yes'")


FLOWS: tuple[Callable[[Driven, LabProcesses], None], ...] = (
    an_order_is_placed,
    a_link_is_cut_and_healed,
    a_trace_is_opened_from_every_side,
    what_others_do_is_shown,
    it_is_read_in_japanese,
    a_narrow_screen_is_enough,
    a_prompt_is_filled_with_an_order,
)


def name_of(flow: Callable[..., None]) -> str:
    """What a flow is called where it is reported."""
    return re.sub("_", " ", flow.__name__)
