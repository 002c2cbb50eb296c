"""Toxiproxy's HTTP API over a collection of proxies, and a little of our own.

Ours are ``GET /healthz``, ``GET /readyz``, ``GET /proxies/{proxy}/journal`` and the fields
``ttl_ms`` and ``match``; a client of Toxiproxy never meets them.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import quote

from base.http.hosts import LOOPBACK_HOSTS, foreign_origin, served_host
from base.process.readiness import readiness
from network.control import metrics
from network.control.http_server import (
    JSON,
    TEXT,
    Request,
    Response,
    json_response,
    text_response,
)
from network.errors import ControlError
from network.go_json.decoding import decode
from network.go_json.encoding import encode

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from network.control.collection import Collection
    from network.proxy import Proxy

# The version whose API this speaks: clients choose their dialect by it.
TOXIPROXY_VERSION: Final = "2.12.0"

# Of what a path may hold, beside letters and digits.
_UNQUOTED: Final = "$&+,:;=@-_.~"

Handler: TypeAlias = "Callable[..., Awaitable[Response]]"


class ControlApi:
    """Finds a call's handler by its path and method, and turns errors into Toxiproxy's."""

    def __init__(self, collection: Collection, *, hosts: Sequence[str] = LOOPBACK_HOSTS) -> None:
        self._proxies = collection
        self._hosts = hosts
        # Proxies that others made end with a run; whoever wants to know looks here.
        self._run = secrets.token_hex(8)
        self._routes: dict[tuple[str, ...], dict[str, Handler]] = {
            ("proxies",): {"GET": self._list, "POST": self._create},
            ("populate",): {"POST": self._populate},
            ("reset",): {"POST": self._reset},
            ("version",): {"GET": self._version},
            ("metrics",): {"GET": self._metrics},
            ("healthz",): {"GET": self._healthz},
            ("readyz",): {"GET": self._readyz},
            ("proxies", "*"): {
                "GET": self._show,
                "POST": self._update,
                "PATCH": self._update,
                "DELETE": self._remove,
            },
            ("proxies", "*", "toxics"): {"GET": self._list_toxics, "POST": self._add_toxic},
            ("proxies", "*", "journal"): {"GET": self._journal},
            ("proxies", "*", "toxics", "*"): {
                "GET": self._show_toxic,
                "POST": self._update_toxic,
                "PATCH": self._update_toxic,
                "DELETE": self._remove_toxic,
            },
        }

    async def handle(self, request: Request) -> Response:
        """Answer one request."""
        refused = self._refused(request.headers)
        if refused is not None:
            return text_response(refused, status=403)
        clean = _clean(request.path)
        if clean != request.path:
            return Response(301, headers={"Location": _location(clean, request.query)})
        names, methods = self._find(request.path)
        if methods is None:
            return text_response("404 page not found", status=404)
        handler = methods.get(request.method)
        if handler is None:
            return Response(405, headers={"Allow": ", ".join(methods)})
        try:
            return await handler(request, *names)
        except ControlError as error:
            return _failure(error)

    def _refused(self, headers: Mapping[str, str]) -> str | None:
        """Say why a caller is refused: a page of any origin could otherwise cut links by a form."""
        if headers.get("user-agent", "").startswith("Mozilla/"):
            return "User agent not allowed"
        # Without one it is no browser: HTTP/1.1 demands it.
        if "host" in headers and not served_host(headers["host"], self._hosts):
            return "Host not allowed"
        if foreign_origin(headers.get("origin", ""), self._hosts):
            return "Origin not allowed"
        return None

    def _find(self, path: tuple[str, ...]) -> tuple[tuple[str, ...], dict[str, Handler] | None]:
        pattern = tuple("*" if index in {1, 3} else part for index, part in enumerate(path))
        return tuple(path[1::2]), self._routes.get(pattern) if all(path) else None

    async def _list(self, _request: Request) -> Response:
        return json_response(
            {name: proxy.as_json() for name, proxy in sorted(self._proxies.proxies.items())}
        )

    async def _create(self, request: Request) -> Response:
        proxy = await self._proxies.create(decode(request.body))
        return json_response(proxy.as_json(), status=201)

    async def _show(self, _request: Request, name: str) -> Response:
        return json_response(self._proxies.get(name).as_json())

    async def _update(self, request: Request, name: str) -> Response:
        self._proxies.get(name)
        proxy = await self._proxies.update(name, body=decode(request.body))
        return json_response(proxy.as_json())

    async def _remove(self, _request: Request, name: str) -> Response:
        await self._proxies.remove(name)
        return Response(204)

    async def _populate(self, request: Request) -> Response:
        made: list[Proxy] = []
        failure: dict[str, object] = {}
        status = 201
        try:
            await self._proxies.populate(decode(request.body), made=made)
        except ControlError as error:
            status = error.status
            failure = error.as_json()
        # An empty list is null, as Go writes a slice that nothing was put into.
        listed = [each.as_json() for each in made] or None
        return json_response({**failure, "proxies": listed}, status=status)

    async def _reset(self, _request: Request) -> Response:
        await self._proxies.reset()
        return Response(204)

    async def _list_toxics(self, _request: Request, name: str) -> Response:
        return json_response([each.as_json() for each in self._proxies.get(name).toxics.all()])

    async def _add_toxic(self, request: Request, name: str) -> Response:
        toxics = self._proxies.get(name).toxics
        return json_response(toxics.add(decode(request.body)).as_json())

    async def _show_toxic(self, _request: Request, name: str, toxic: str) -> Response:
        return json_response(self._proxies.get(name).toxics.get(toxic).as_json())

    async def _update_toxic(self, request: Request, name: str, toxic: str) -> Response:
        toxics = self._proxies.get(name).toxics
        toxics.get(toxic)
        return json_response(toxics.update(toxic, body=decode(request.body)).as_json())

    async def _remove_toxic(self, _request: Request, name: str, toxic: str) -> Response:
        self._proxies.get(name).toxics.remove(toxic)
        return Response(204)

    async def _version(self, _request: Request) -> Response:
        # Put together by hand there, with a blank and a line's end.
        text = f'{{"version": "{TOXIPROXY_VERSION}"}}\n'
        return Response(200, text.encode(), f"{JSON};charset=utf-8")

    async def _metrics(self, _request: Request) -> Response:
        text = metrics.render(self._proxies.proxies.values(), self._proxies.journal)
        return Response(200, text.encode(), metrics.CONTENT_TYPE)

    async def _journal(self, _request: Request, name: str) -> Response:
        entries = self._proxies.journal.of(self._proxies.get(name).name)
        return json_response([each.as_json() for each in entries])

    async def _healthz(self, _request: Request) -> Response:
        return json_response({"ok": True, "service": "network", "run": self._run})

    async def _readyz(self, _request: Request) -> Response:
        status, body = readiness("network")
        return json_response(body, status=status)


def _failure(error: ControlError) -> Response:
    """Answer as Go's ``http.Error`` does: the JSON of an error is sent as a line of text."""
    return Response(error.status, encode(error.as_json()) + b"\n", TEXT)


def _clean(path: tuple[str, ...]) -> tuple[str, ...]:
    """Return a path as Go's ``path.Clean`` has it; a slash at its end stays."""
    found: list[str] = []
    for part in path:
        if part == "..":
            del found[-1:]
        elif part not in ("", "."):
            found.append(part)
    return (*found, "") if path[-1:] == ("",) or not found else tuple(found)


def _location(path: tuple[str, ...], query: str) -> str:
    """Write a path as Go's ``net/url`` does."""
    written = "".join(f"/{quote(part, safe=_UNQUOTED)}" for part in path)
    return f"{written}?{query}" if query else written
