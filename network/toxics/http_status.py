"""An error that the upstream never gave."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar

from network.direction import DOWNSTREAM
from network.http_message import MessageReader
from network.toxics.toxic import Toxic, register, whole

if TYPE_CHECKING:
    from network.direction import Chunk
    from network.toxics.toxic import Stub


@register
@dataclass(frozen=True)
class HttpStatus(Toxic):
    """Answers HTTP requests with ``status``.

    On ``upstream`` the request isn't forwarded, and answered after those before it on its
    connection. On ``downstream`` it is, and the answer is put in the place of the upstream's. The
    connection closes after it.
    """

    kind: ClassVar[str] = "http_status"
    status: int = whole(503, minimum=200, maximum=599)

    def pipe(self, stub: Stub, chunk: Chunk) -> None:
        """Answer when the message is whole, so that the caller doesn't see a reset mid-request."""
        if stub.state is None:
            stub.state = MessageReader()
        messages = stub.state.feed(chunk.data)
        stub.swallow()
        if not messages:
            return
        if stub.stream == DOWNSTREAM:
            stub.send(self._answer(), received=chunk.received)
            stub.close()
        else:
            stub.answer(self._answer())

    def finish(self, stub: Stub) -> None:
        """Close with the source."""
        stub.close()

    def cleanup(self, stub: Stub) -> None:
        """Reset a connection whose half-read message can't go on."""
        if stub.has_hole():
            stub.reset()

    def _answer(self) -> bytes:
        try:
            phrase = HTTPStatus(self.status).phrase
        except ValueError:
            phrase = "Status"
        body = f'{{"error": "{phrase}"}}'
        return (
            f"HTTP/1.1 {self.status} {phrase}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}"
        ).encode()
