"""What stands on a page fits, whatever its size, the size of its text, and the length of a name."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.page.bench import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from tests.support.processes import LabProcesses

pytestmark = [pytest.mark.page, pytest.mark.long, pytest.mark.timeout(150)]

PATHS = ("/", "/traces", "/lesson", "/lesson/logging", "/lesson/mystery", "/experiments")
SIZES = ((1440, 900), (1280, 720), (390, 844))
# As a browser shows 1280 × 720 at 200 %.
ZOOMED = (640, 360)
NINE: tuple[tuple[str, str, dict[str, float]], ...] = (
    ("client-to-api", "slow", {"ms": 300}),
    ("client-to-api", "lossy", {"rate": 0.01}),
    ("api-to-worker", "slow", {"ms": 1_000}),
    ("api-to-worker", "response_lost", {}),
    ("api-to-worker", "bandwidth", {"kbps": 8}),
    ("worker-to-api", "cut", {"ttlSeconds": 86_400}),
    ("worker-to-api", "reset", {}),
    ("api", "slow", {"ms": 200}),
    ("worker", "slow", {"ms": 100, "ttlSeconds": 600}),
)
DAYS_NS = 3 * 86_400 * 10**9
LONG_NAME = "a-service-whose-name-is-so-long-that-nobody-would-type-it-by-hand"

# What sticks out of the window sideways where nothing scrolls, and what is cut without a sign.
_AMISS = """() => {
  const visible = (each) => each.checkVisibility({ visibilityProperty: true });
  const scrolls = (each) => {
    for (let box = each.parentElement; box; box = box.parentElement) {
      const { overflowX } = getComputedStyle(box);
      if (/auto|scroll/.test(overflowX) && box.scrollWidth > box.clientWidth) return true;
    }
    return false;
  };
  const named = (each) =>
    `${each.tagName} ${each.className} "${each.textContent.trim().slice(0, 40)}"`;
  const amiss = [];
  if (document.documentElement.scrollWidth > innerWidth) {
    amiss.push(`the page is ${document.documentElement.scrollWidth} wide`);
  }
  for (const each of document.querySelectorAll("button, a, select, input, textarea, [role=tab]")) {
    const box = each.getBoundingClientRect();
    if (!box.width || !visible(each) || each.closest(".visually-hidden, .skip")) continue;
    if (each.matches(".visually-hidden, .skip") || scrolls(each)) continue;
    if (box.right > innerWidth + 1 || box.left < -1) amiss.push(`outside: ${named(each)}`);
  }
  for (const each of document.querySelectorAll("button, .badge, h1, h2, th, summary")) {
    const { overflow, textOverflow } = getComputedStyle(each);
    if (!visible(each) || each.closest(".visually-hidden") || textOverflow === "ellipsis") continue;
    if (overflow === "hidden" && each.scrollWidth > each.clientWidth + 1) {
      amiss.push(`cut: ${named(each)}`);
    }
  }
  return amiss;
}"""


@pytest.fixture
def sized(page: Page) -> Iterator[Page]:
    """The page, whose text is of the usual size again afterwards."""
    yield page
    page.evaluate("localStorage.clear()")


def amiss(page: Page) -> list[str]:
    """List what does not fit once all is laid out."""
    page.evaluate("document.fonts.ready")
    found: list[str] = page.evaluate(_AMISS)
    return found


def open_page(page: Page, lab: LabProcesses, path: str, *, size: str = "normal") -> None:
    page.evaluate("size => localStorage.setItem('text-size', size)", size)
    page.goto(f"{lab.observer_url}{path}")
    expect(page.locator("#connection")).to_have_attribute("data-state", "live")


def send_long_trace(lab: LabProcesses) -> str:
    """Send a trace that took days, of services with long names; return its id."""
    began = time.time_ns() - DAYS_NS
    trace_id = f"{time.time_ns():032x}"

    def span(service: str, span_id: str, parent: str, until: int) -> dict[str, Any]:
        attributes = [{"key": "service.name", "value": {"stringValue": service}}]
        made = {
            "traceId": trace_id,
            "spanId": span_id * 16,
            **({"parentSpanId": parent * 16} if parent else {}),
            "name": "POST /a/path/that/is/as/long/as/the/name/of/the/service/which/answers/it",
            "kind": 2,
            "startTimeUnixNano": str(began),
            "endTimeUnixNano": str(until),
        }
        return {"resource": {"attributes": attributes}, "scopeSpans": [{"spans": [made]}]}

    body = {
        "resourceSpans": [
            span(LONG_NAME, "1", "", began + DAYS_NS),
            span(f"{LONG_NAME}-2", "2", "1", began + DAYS_NS // 2),
        ]
    }
    answer = lab.session.post(f"{lab.observer_url}/v1/traces", json=body, timeout=10)
    answer.raise_for_status()
    return trace_id


@pytest.mark.parametrize("path", PATHS)
def test_each_page_at_each_size_of_window_and_text(
    sized: Page, lab: LabProcesses, path: str
) -> None:
    place(sized)
    found = {}
    for size in ("normal", "largest"):
        for width, height in (*SIZES, ZOOMED):
            sized.set_viewport_size({"width": width, "height": height})
            open_page(sized, lab, path, size=size)
            if wrong := amiss(sized):
                found[size, width] = wrong
    assert found == {}


def test_nine_faults_at_each_size(sized: Page, lab: LabProcesses) -> None:
    for target, kind, parameters in NINE:
        lab.set_fault(target, kind, **parameters)
    found = {}
    for width, height in SIZES:
        sized.set_viewport_size({"width": width, "height": height})
        open_page(sized, lab, "/")
        expect(sized.locator("lab-map .broken")).to_have_count(5)
        over = sized.evaluate(
            """() => {
              const boxes = [...document.querySelectorAll("lab-map .node, lab-map .chip")]
                .map((each) => each.getBoundingClientRect());
              return boxes.filter((a, at) => boxes.slice(at + 1).some((b) =>
                a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1
                && b.top < a.bottom - 1)).length;
            }"""
        )
        if wrong := [*amiss(sized), *(["chips lie over one another"] if over else [])]:
            found[width] = wrong
    assert found == {}


def test_long_names_and_a_duration_of_days(sized: Page, lab: LabProcesses) -> None:
    trace_id = send_long_trace(lab)
    found = {}
    for path in (f"/traces?service={LONG_NAME}", f"/traces/{trace_id}"):
        for width, height in SIZES:
            sized.set_viewport_size({"width": width, "height": height})
            open_page(sized, lab, path)
            expect(sized.locator("main")).to_contain_text(LONG_NAME[:8])
            if wrong := amiss(sized):
                found[path, width] = wrong
    assert found == {}


@pytest.mark.parametrize("width", [390, 1280])
def test_in_japanese_no_name_on_the_map_is_cut(page: Page, lab: LabProcesses, width: int) -> None:
    page.context.add_cookies([{"name": "django_language", "value": "ja", "url": lab.observer_url}])
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(lab.observer_url)
    expect(page.locator("lab-map .node b").first).to_have_text("クライアント")
    cut = page.locator("lab-map .node b").evaluate_all(
        """names => names.filter((each) => each.scrollWidth > each.clientWidth)
             .map((each) => each.textContent)"""
    )
    assert cut == []
