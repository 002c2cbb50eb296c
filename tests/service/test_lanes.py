"""Requests that wait for the other service never delay those that end the wait."""

from __future__ import annotations

import asyncio
import threading

import pytest

from base.http.message import Request, Response
from service.http.lanes import Lanes

THREADS = 2


class House:
    """A service whose requests hang until they are let go."""

    def __init__(self) -> None:
        self.lanes = Lanes(THREADS, waiting=[("POST", "/orders"), ("POST", "/jobs/")])
        self.let_go = threading.Event()

    async def send(self, method: str, path: str, *, hangs: bool = False) -> str:
        request = Request(method, path, "", {}, b"", 0.0)
        pool = self.lanes.pool_of(method, path)
        await pool.run(self._hang if hangs else self._answer, request)
        return path

    def _hang(self, request: Request) -> Response:
        assert self.let_go.wait(10)
        return self._answer(request)

    def _answer(self, _request: Request) -> Response:
        return Response(200)


async def passes(method: str, path: str, *, held: list[tuple[str, str]]) -> None:
    house = House()
    hanging = [house.send(*each, hangs=True) for each in held for _ in range(THREADS + 3)]
    async with asyncio.timeout(5):
        everything = asyncio.gather(*hanging)
        await asyncio.sleep(0)
        assert await house.send(method, path) == path
        assert not everything.done()
        house.let_go.set()
        assert len(await everything) == len(hanging)


async def test_a_callback_is_served_while_orders_hold_all_their_threads() -> None:
    await passes("POST", "/internal/order-events", held=[("POST", "/orders")])


async def test_a_callback_is_served_while_reads_are_held_up() -> None:
    held = [("GET", "/orders"), ("GET", "/internal/state/orders")]
    await passes("POST", "/internal/order-events", held=held)


@pytest.mark.parametrize("path", ["/orders", "/stock", "/reservations/1", "/internal/state/orders"])
async def test_what_the_page_reads_is_served_while_orders_and_jobs_are_held_up(path: str) -> None:
    await passes("GET", path, held=[("POST", "/orders"), ("POST", "/jobs/reserve-stock")])


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", "/internal/faults"), ("GET", "/healthz"), ("GET", "/readyz")],
)
async def test_control_comes_through_while_everything_else_is_held_up(
    method: str, path: str
) -> None:
    everything = [("POST", "/orders"), ("POST", "/internal/order-events"), ("GET", "/orders")]
    await passes(method, path, held=everything)
