"""A whole HTTP call under one deadline, by `requests`: what the lab's client and links share.

Over TLS only each read is bounded, as in `requests`.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import requests
from urllib3.exceptions import HTTPError

from base.deadline import DEADLINE
from base.errors import DeadlineExceededError
from base.transport import PlainAdapter

if TYPE_CHECKING:
    from collections.abc import Mapping

CALL_ERRORS = (requests.RequestException, HTTPError, OSError, DeadlineExceededError)
"""What a call, or reading its response, may raise."""


_MAX_ANSWER_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: ``content`` is None when it was too long, or was interrupted by ``error``."""

    status: int
    content: bytes | None
    error: Exception | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class _Sessions(threading.local):
    def __init__(self) -> None:
        self.session = requests.Session()
        # Proxies of the environment are not for calls between the lab's processes.
        self.session.trust_env = False
        self.session.mount("http://", PlainAdapter())


_SESSIONS = _Sessions()


def exchange(prepared: requests.PreparedRequest, *, seconds: float, most_bytes: int) -> Answer:
    """Send on the thread's own connections and read the complete response within ``seconds``.

    :raises CALL_ERRORS: there was no response, not even a status.
    """
    DEADLINE.at = time.monotonic() + seconds
    try:
        response = _SESSIONS.session.send(
            prepared, timeout=seconds, allow_redirects=False, stream=True
        )
        try:
            content = _read(response, most_bytes)
        except CALL_ERRORS as error:
            response.close()
            return Answer(response.status_code, None, error, response.headers)
        return Answer(response.status_code, content, None, response.headers)
    finally:
        DEADLINE.at = float("inf")


class JsonPost:
    """Posts JSON to ``url`` again and again: what is the same in each call is prepared once."""

    def __init__(self, url: str) -> None:
        headers = {"Content-Type": "application/json"}
        self._prepared = requests.Request("POST", url, headers=headers).prepare()

    def send(self, body: bytes, *, seconds: float) -> Answer:
        """Send ``body``, on a connection that the calling thread keeps.

        :raises CALL_ERRORS: there was no response, not even a status.
        """
        prepared = self._prepared.copy()
        prepared.prepare_body(body, None)
        return exchange(prepared, seconds=seconds, most_bytes=_MAX_ANSWER_BYTES)


def _read(response: requests.Response, most_bytes: int) -> bytes | None:
    content: bytes = response.raw.read(most_bytes + 1, decode_content=True)
    if len(content) > most_bytes:
        response.close()
        return None
    # Only a connection whose response has been read completely can be reused.
    response.raw.release_conn()
    return content
