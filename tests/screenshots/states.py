"""Each state of the page: how it is brought about, once, and what is to be seen then."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from supervision import signalling
from tests.page.bench import break_it, open_menu, place
from tests.screenshots.viewer import viewer
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    from tests.screenshots.looks import Shots
    from tests.support.processes import LabProcesses

_MANY = 500
_AT_ONCE = 8
_PAGE = 100
_RUN_MS = 40_000
_NINE: tuple[tuple[str, str, dict[str, float]], ...] = (
    ("client-to-api", "slow", {"ms": 300}),
    ("client-to-api", "lossy", {"rate": 0.01}),
    ("api-to-worker", "slow", {"ms": 1_000}),
    ("api-to-worker", "response_lost", {}),
    ("api-to-worker", "bandwidth", {"kbps": 8}),
    ("worker-to-api", "cut", {"ttlSeconds": 60}),
    ("worker-to-api", "reset", {}),
    ("api", "slow", {"ms": 200}),
    ("worker", "pause", {"ttlSeconds": 60}),
)
_REGIONS = ("timeline", "messages", "truths", "evidence")


def idle(shots: Shots) -> None:
    """Nothing has happened yet."""
    shots.visit()
    for page in shots.pages.values():
        expect(page.locator("lab-welcome")).to_be_visible()
    shots.save_all("idle")


def loading(shots: Shots) -> None:
    """What the page asks for has not come yet."""
    for page in shots.pages.values():
        page.route("**/api/**", lambda _route: None)
    shots.visit()
    shots.save_all("loading")
    for page in shots.pages.values():
        page.unroute("**/api/**")


def _headlines(shots: Shots, text: str) -> None:
    for page in shots.pages.values():
        expect(page.locator("lab-diagnosis .headline")).to_contain_text(text, timeout=_RUN_MS)


def confirmed(shots: Shots) -> None:
    """An order that went well, and each view of it."""
    shots.visit()
    place(shots.desk)
    _headlines(shots, "CONFIRMED")
    _views(shots, "confirmed")


def _views(shots: Shots, state: str) -> None:
    for number, view in enumerate(_REGIONS, start=1):
        for look, page in shots.pages.items():
            if look.is_narrow:
                page.locator("#regions button").nth(number).click()
            else:
                page.keyboard.press(str(number))
            shots.save(f"{state}-{view}", look)
    for look, page in shots.pages.items():
        if look.is_narrow:
            page.locator("button[data-region=log]").click()
            shots.save(f"{state}-log", look)
            page.locator("button[data-region=waterfall]").click()
        else:
            page.keyboard.press("1")


def cut(shots: Shots) -> None:
    """The link that was cut, its menu, and the order that it left PENDING."""
    shots.visit()
    for look, page in shots.pages.items():
        menu = open_menu(page, "api-to-worker")
        shots.save("menu", look)
        page.keyboard.press("Escape")
        expect(menu).to_be_hidden()
    break_it(shots.desk, "api-to-worker", "Cut")
    place(shots.desk)
    _headlines(shots, "PENDING")
    shots.save_all("cut")


def run_c(shots: Shots) -> None:
    """Experiment C while it runs and once it has ended."""
    shots.visit()
    shots.desk.locator("lab-experiments .group button").last.click()
    for page in shots.pages.values():
        expect(page.locator("lab-map .broken")).to_have_count(1, timeout=_RUN_MS)
    _headlines(shots, "PENDING")
    shots.save_all("c-running")
    _headlines(shots, "CONFIRMED")
    expect(shots.desk.locator("lab-experiments .details .good")).to_be_visible(timeout=_RUN_MS)
    _views(shots, "c")


def nine_faults(shots: Shots) -> None:
    """Nine faults at once, and their list."""
    shots.visit()
    for target, kind, parameters in _NINE:
        shots.lab.set_fault(target, kind, **parameters)
    for page in shots.pages.values():
        expect(page.locator("lab-map .broken")).to_have_count(5, timeout=_RUN_MS)
    place(shots.desk)
    _headlines(shots, "PENDING")
    shots.save_all("nine-faults")
    for look, page in shots.pages.items():
        if not look.is_narrow:
            page.locator("#fault-note").click()
            shots.save("nine-faults-list", look)


def defences(shots: Shots) -> None:
    """The drawer of defences, and the menus of the action bar and of the log."""
    shots.visit()
    _opened(shots, "defences", lambda page: page.locator("lab-defences > button").click())
    _opened(shots, "place", lambda page: page.locator("lab-place .split > button").last.click())


def _opened(shots: Shots, state: str, press: Callable[[Page], None]) -> None:
    for look, page in shots.pages.items():
        press(page)
        shots.save(state, look)
        page.keyboard.press("Escape")


@contextmanager
def _away(shots: Shots, service: str) -> Iterator[None]:
    process = shots.lab.pid_of(service)
    signalling.pause(process)
    try:
        yield
    finally:
        signalling.resume(process)


def services_down(shots: Shots) -> None:
    """API, worker and observer away, one after another."""
    shots.visit()
    place(shots.desk)
    for look, page in shots.pages.items():
        row = page.locator("lab-orders tr[aria-current]")
        if look.is_narrow:
            page.locator("button[data-region=orders]").click()
        expect(row).to_contain_text("RESERVED")
    for service in ("api", "worker"):
        with _away(shots, service):
            for page in shots.pages.values():
                expect(page.locator(f"lab-map .silent [data-target={service}]")).to_be_visible(
                    timeout=20_000
                )
            name = "API" if service == "api" else "worker"
            expect(shots.desk.locator("lab-orders .foot")).to_contain_text(f"The {name} does not")
            shots.save_all(f"{service}-down")
    signalling.kill(shots.lab.pid_of("observer"))
    for look, page in shots.pages.items():
        expect(page.locator("#connection")).to_have_attribute("data-state", "lost")
        shots.save("observer-down", look)
    for page in shots.pages.values():
        expect(page.locator("#connection")).to_have_attribute("data-state", "live", timeout=60_000)


def _listed(lab: LabProcesses) -> list[object]:
    return list(lab.get("/api/orders", limit=_PAGE)["orders"])


def many_orders(shots: Shots) -> None:
    """Five hundred orders."""
    with ThreadPoolExecutor(_AT_ONCE) as placing:
        list(placing.map(lambda _: shots.lab.place_order(), range(_MANY)))
    eventually(lambda: len(_listed(shots.lab)) == _PAGE)
    shots.visit()
    for look, page in shots.pages.items():
        expect(page.locator("lab-orders tbody tr").nth(20)).to_be_attached()
        if look.is_narrow:
            page.locator("button[data-region=orders]").click()
    shots.save_all("many-orders")


def other_pages(shots: Shots) -> None:
    """The other pages, in the same frame."""
    shots.lab.set_fault("worker-to-api", "cut")
    shots.lab.place_order()
    shots.lab.heal_all()
    trace_id = shots.lab.get("/api/traces")["traces"][0]["traceId"]
    for name, path in (
        ("traces", "/traces"),
        ("filters", "/traces?status=error&service=api"),
        ("trace", f"/traces/{trace_id}"),
        ("lesson", "/lesson"),
        ("chapter", "/lesson/experiments"),
        ("mystery", "/lesson/mystery"),
        ("experiments", "/experiments"),
    ):
        shots.visit(path)
        for look, page in shots.pages.items():
            page.wait_for_load_state("networkidle")
            if name == "filters":
                page.locator("lab-trace-filters .more").click()
            elif name == "traces" and not look.is_narrow:
                page.locator("lab-traces tbody .bar").first.click()
                expect(page.locator("lab-trace-preview .headline")).to_be_visible()
        shots.save_all(name)


STATES: dict[str, Callable[[Shots], None]] = {
    "idle": idle,
    "loading": loading,
    "confirmed": confirmed,
    "cut": cut,
    "c": run_c,
    "nine": nine_faults,
    "defences": defences,
    "pages": other_pages,
    "down": services_down,
    "many": many_orders,
    "viewer": viewer,
}
