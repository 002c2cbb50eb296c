"""Threads that answer requests, up to a bound."""

from __future__ import annotations

import asyncio
import queue
import threading
from typing import TYPE_CHECKING, TypeAlias

from base.http.message import Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable

    Handler: TypeAlias = Callable[[Request], Response]
    Job: TypeAlias = tuple[Handler, Request, asyncio.Future[Response]]


class Pool:
    """Up to ``threads`` daemon threads: one that hangs does not keep the process from ending.

    Each of the first requests has a new one, and then they take turns: a thread's kept connections
    to others are seldom used twice in a row, so that a fault of new connections meets an order.
    What waits for a thread is bounded by the number of connections, each with one request at most.
    """

    def __init__(self, name: str, threads: int) -> None:
        self._name = name
        self._most = threads
        self._threads = 0
        self._jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()

    async def run(self, handler: Handler, request: Request) -> Response:
        """Call ``handler`` in a thread; what it raises is raised here.

        Cancelling stops the wait alone: the call goes on. Used by one event loop.
        """
        answered: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        self._jobs.put((handler, request, answered))
        if self._threads < self._most:
            self._threads += 1
            name = f"{self._name}-{self._threads}"
            threading.Thread(target=self._work, name=name, daemon=True).start()
        return await answered

    def _work(self) -> None:
        while True:
            handler, request, answered = self._jobs.get()
            try:
                response: Response | BaseException = handler(request)
            except BaseException as error:  # noqa: BLE001 (raised where the answer is awaited)
                response = error
            try:
                answered.get_loop().call_soon_threadsafe(_settle, answered, response)
            except RuntimeError:
                return  # the loop is closed: the process ends


def _settle(answered: asyncio.Future[Response], response: Response | BaseException) -> None:
    if answered.done():
        return  # nobody waits any more
    if isinstance(response, Response):
        answered.set_result(response)
    else:
        answered.set_exception(response)
