"""A request as it crosses a link."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(eq=False, slots=True)
class Request:
    """A request by its head; names of ``headers`` are in lower case.

    One of another protocol than HTTP has no method: it is a piece of ``data`` that the caller sent.
    """

    method: str
    path: str
    headers: dict[str, str]
    data: bytes = b""
    decisions: dict[int, bool] = field(default_factory=dict)
    """Whether a toxic (by its `id`) is meant for it: asked once for request and answer."""


def parse_request(head: bytes) -> Request:
    """Read the head of a request; its query is left out of the path."""
    method, target, _ = first_line(head).split(" ", 2)
    return Request(method, target.partition("?")[0], parse_headers(head))


def first_line(head: bytes) -> str:
    """Return a head's first line."""
    return head.partition(b"\r\n")[0].decode("latin-1")


def parse_headers(head: bytes) -> dict[str, str]:
    """Return a head's fields; of several of one name the last."""
    lines = head.decode("latin-1").split("\r\n")[1:]
    return {
        name.strip().lower(): value.strip()
        for name, colon, value in (line.partition(":") for line in lines)
        if colon
    }
