"""Every way in which a call across a link can fail, by evidence: one kind a failure."""

from __future__ import annotations

import errno
import socket
import ssl
from enum import StrEnum
from typing import TYPE_CHECKING

import requests
import urllib3.exceptions
from urllib3.exceptions import HTTPError, NewConnectionError, ReadTimeoutError

from base.errors import DeadlineExceededError

if TYPE_CHECKING:
    from collections.abc import Iterator

_CLIENT_ERRORS = range(400, 500)
_SUCCESSES = range(200, 300)


class ErrorKind(StrEnum):
    """The one vocabulary of failures, on spans, logs and the page."""

    SIMULATED_PARTITION = "simulated_partition"
    """A switch in the code cut the call; nothing was sent."""
    CONNECT_REFUSED = "connect_refused"
    """The other host answered that nothing listens: the request did not arrive."""
    CONNECT_TIMEOUT = "connect_timeout"
    """No connection came about in time: the request did not arrive."""
    READ_TIMEOUT = "read_timeout"
    """Sent, and no whole answer before the deadline: whether it arrived can't be known."""
    RESET = "reset"
    """The connection broke before a whole answer: whether it was acted on can't be known."""
    DNS = "dns"
    """The other side's name could not be resolved: nothing was sent."""
    TLS = "tls"
    """No secure connection came about: nothing was sent."""
    HTTP_4XX = "http_4xx"
    """The other side answered that it does not accept the request."""
    HTTP_5XX = "http_5xx"
    """The other side, or something before it, answered that it failed."""
    BAD_RESPONSE = "bad_response"
    """Something answered, but not what the contract says."""
    ABORTED = "aborted"
    """The caller ended the call, and did not record why: whether it arrived can't be known."""


NEVER_SENT = frozenset(
    {
        ErrorKind.SIMULATED_PARTITION,
        ErrorKind.CONNECT_REFUSED,
        ErrorKind.CONNECT_TIMEOUT,
        ErrorKind.DNS,
        ErrorKind.TLS,
    }
)
"""Failures before any byte of the request could leave: the other side can't have received it."""


def of_status(status: int) -> ErrorKind | None:
    """Classify an HTTP status; None for success."""
    if status in _SUCCESSES:
        return None
    if status in _CLIENT_ERRORS:
        return ErrorKind.HTTP_4XX
    return ErrorKind.HTTP_5XX if status >= _CLIENT_ERRORS.stop else ErrorKind.BAD_RESPONSE


def of_exception(error: BaseException) -> ErrorKind:
    """Classify what a call through `requests` raised; the unknown counts as ``bad_response``."""
    causes = list(_causes(error))
    for test, kind in _TESTS:
        if any(test(cause) for cause in causes):
            return kind
    return ErrorKind.BAD_RESPONSE


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and all that it wraps, in any of the ways in which libraries wrap."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        item = waiting.pop()
        if not isinstance(item, BaseException) or id(item) in seen:
            continue
        seen.add(id(item))
        yield item
        waiting += [item.__cause__, item.__context__, getattr(item, "reason", None), *item.args]


def _is_dns(error: BaseException) -> bool:
    return isinstance(error, socket.gaierror | urllib3.exceptions.NameResolutionError)


def _is_tls(error: BaseException) -> bool:
    return isinstance(error, ssl.SSLError | urllib3.exceptions.SSLError)


def _is_refused(error: BaseException) -> bool:
    return isinstance(error, ConnectionRefusedError)


def _is_connect_timeout(error: BaseException) -> bool:
    if isinstance(error, DeadlineExceededError):
        return not error.connected
    if isinstance(error, OSError) and error.errno in _UNREACHABLE:
        return True
    # urllib3's NewConnectionError is a ConnectTimeoutError by descent, not by meaning.
    return isinstance(error, urllib3.exceptions.ConnectTimeoutError) and not isinstance(
        error, NewConnectionError
    )


def _is_read_timeout(error: BaseException) -> bool:
    if isinstance(error, DeadlineExceededError):
        return error.connected
    return isinstance(error, ReadTimeoutError | TimeoutError)


def _is_reset(error: BaseException) -> bool:
    if isinstance(error, ConnectionError | urllib3.exceptions.IncompleteRead):
        return True
    # An answer that ends before its first byte: the peer closed without a word.
    return type(error).__name__ in {"RemoteDisconnected", "IncompleteRead"}


def _is_broken_answer(error: BaseException) -> bool:
    return isinstance(error, HTTPError | requests.RequestException)


# To the caller no route to a host is like a silent host: no connection came about.
_UNREACHABLE = {errno.EHOSTUNREACH, errno.ENETUNREACH}
_TESTS = (
    (_is_dns, ErrorKind.DNS),
    (_is_tls, ErrorKind.TLS),
    (_is_refused, ErrorKind.CONNECT_REFUSED),
    (_is_connect_timeout, ErrorKind.CONNECT_TIMEOUT),
    (_is_read_timeout, ErrorKind.READ_TIMEOUT),
    (_is_reset, ErrorKind.RESET),
    (_is_broken_answer, ErrorKind.BAD_RESPONSE),
)
