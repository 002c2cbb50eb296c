"""Toxiproxy's HTTP API over a collection of proxies, and two calls of our own.

Ours are ``GET /events`` and the field ``ttl_ms``; a client of Toxiproxy never meets them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import parse_qs

from network import metrics
from network.errors import BadRequestBody, ControlError
from network.http_server import Request, Response, json_response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from network.collection import Collection

# The version whose API this speaks: clients choose their dialect by it.
TOXIPROXY_VERSION: Final = "2.12.0"
MAX_WAIT_SECONDS: Final = 20.0

Handler: TypeAlias = "Callable[..., Awaitable[Response]]"


class ControlApi:
    """Finds a call's handler by its path and method, and turns errors into Toxiproxy's."""

    def __init__(self, collection: Collection) -> None:
        self._proxies = collection
        self._routes: dict[tuple[str, ...], dict[str, Handler]] = {
            ("proxies",): {"GET": self._list, "POST": self._create},
            ("populate",): {"POST": self._populate},
            ("reset",): {"POST": self._reset},
            ("version",): {"GET": self._version},
            ("metrics",): {"GET": self._metrics},
            ("events",): {"GET": self._events},
            ("proxies", "*"): {
                "GET": self._show,
                "POST": self._update,
                "PATCH": self._update,
                "DELETE": self._remove,
            },
            ("proxies", "*", "toxics"): {"GET": self._list_toxics, "POST": self._add_toxic},
            ("proxies", "*", "toxics", "*"): {
                "GET": self._show_toxic,
                "POST": self._update_toxic,
                "PATCH": self._update_toxic,
                "DELETE": self._remove_toxic,
            },
        }

    async def handle(self, request: Request) -> Response:
        """Answer one request."""
        if request.headers.get("user-agent", "").startswith("Mozilla/"):
            # A page of any origin could otherwise cut links by a form.
            return Response(403, b"User agent not allowed\n", "text/plain; charset=utf-8")
        names, methods = self._find(request.path)
        if methods is None:
            return Response(404, b"404 page not found\n", "text/plain; charset=utf-8")
        handler = methods.get(request.method)
        if handler is None:
            return Response(405, headers={"Allow": ", ".join(methods)})
        try:
            return await handler(request, *names)
        except ControlError as error:
            return _failure(error)

    def _find(self, path: tuple[str, ...]) -> tuple[tuple[str, ...], dict[str, Handler] | None]:
        pattern = tuple("*" if index in {1, 3} else part for index, part in enumerate(path))
        return tuple(path[1::2]), self._routes.get(pattern) if all(path) else None

    async def _list(self, _request: Request) -> Response:
        return json_response(
            {name: proxy.as_json() for name, proxy in self._proxies.proxies.items()}
        )

    async def _create(self, request: Request) -> Response:
        proxy = await self._proxies.create(_object(request))
        return json_response(proxy.as_json(), status=201)

    async def _show(self, _request: Request, name: str) -> Response:
        return json_response(self._proxies.get(name).as_json())

    async def _update(self, request: Request, name: str) -> Response:
        self._proxies.get(name)
        proxy = await self._proxies.update(name, body=_object(request))
        return json_response(proxy.as_json())

    async def _remove(self, _request: Request, name: str) -> Response:
        self._proxies.remove(name)
        return Response(204)

    async def _populate(self, request: Request) -> Response:
        try:
            proxies = await self._proxies.populate(_decoded(request))
        except ControlError as error:
            failure = {"error": error.message, "status": error.status, "proxies": None}
            return json_response(failure, status=error.status)
        return json_response({"proxies": [each.as_json() for each in proxies]}, status=201)

    async def _reset(self, _request: Request) -> Response:
        await self._proxies.reset()
        return Response(204)

    async def _list_toxics(self, _request: Request, name: str) -> Response:
        return json_response([each.as_json() for each in self._proxies.get(name).toxics.all()])

    async def _add_toxic(self, request: Request, name: str) -> Response:
        toxics = self._proxies.get(name).toxics
        return json_response(toxics.add(_object(request)).as_json())

    async def _show_toxic(self, _request: Request, name: str, toxic: str) -> Response:
        return json_response(self._proxies.get(name).toxics.get(toxic).as_json())

    async def _update_toxic(self, request: Request, name: str, toxic: str) -> Response:
        toxics = self._proxies.get(name).toxics
        toxics.get(toxic)
        return json_response(toxics.update(toxic, body=_object(request)).as_json())

    async def _remove_toxic(self, _request: Request, name: str, toxic: str) -> Response:
        self._proxies.get(name).toxics.remove(toxic)
        return Response(204)

    async def _version(self, _request: Request) -> Response:
        return json_response({"version": TOXIPROXY_VERSION})

    async def _metrics(self, _request: Request) -> Response:
        text = metrics.render(self._proxies.proxies.values())
        return Response(200, text.encode(), metrics.CONTENT_TYPE)

    async def _events(self, request: Request) -> Response:
        query = parse_qs(request.query)
        since = _number(query, "since")
        wait_ms = _number(query, "wait_ms")
        wait = MAX_WAIT_SECONDS if wait_ms is None else min(wait_ms / 1000, MAX_WAIT_SECONDS)
        return json_response(await self._proxies.events.after(since, wait_seconds=wait))


def _decoded(request: Request) -> object:
    try:
        value: object = json.loads(request.body)
    except ValueError as error:
        raise BadRequestBody(str(error)) from error
    return value


def _object(request: Request) -> dict[str, Any]:
    value = _decoded(request)
    if not isinstance(value, dict):
        raise BadRequestBody("an object is wanted")
    return value


def _number(query: dict[str, list[str]], name: str) -> int | None:
    text = query.get(name, [""])[0]
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise BadRequestBody(f"{name} must be a whole number")
    return int(text)


def _failure(error: ControlError) -> Response:
    response = json_response({"error": error.message, "status": error.status}, status=error.status)
    return Response(response.status, response.body + b"\n")
