"""Just enough HTTP/1.1 to see where a message ends."""

from __future__ import annotations

import re
from typing import Final

MAX_HEAD_BYTES: Final = 65_536
MAX_MESSAGE_BYTES: Final = 1_048_576

_START = re.compile(rb"(?:[A-Z]+ \S+ HTTP/1\.[01]|HTTP/1\.[01] \d{3}[^\r\n]*)\r?\n")
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,15})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_CHUNKED = re.compile(rb"^transfer-encoding:.*\bchunked\b", re.IGNORECASE | re.MULTILINE)


class MessageReader:
    """Cuts a stream into whole messages.

    It keeps at most one message of ``MAX_MESSAGE_BYTES``. What is larger, or no HTTP, makes it give
    up for the rest of the connection.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.gave_up = False

    def feed(self, data: bytes) -> list[bytes]:
        """Take bytes; return the messages that are whole now, heads and bodies as they came."""
        messages: list[bytes] = []
        if self.gave_up:
            return messages
        self._buffer += data
        while (size := self._size()) is not None and size <= len(self._buffer):
            messages.append(bytes(self._buffer[:size]))
            del self._buffer[:size]
        gave_up: bool = self.gave_up  # `_size` may have set it
        if gave_up or len(self._buffer) > MAX_MESSAGE_BYTES:
            self.gave_up = True
            self._buffer.clear()
        return messages

    def _size(self) -> int | None:
        head_end = self._buffer.find(b"\r\n\r\n")
        if head_end < 0:
            self.gave_up = len(self._buffer) > MAX_HEAD_BYTES
            return None
        head = bytes(self._buffer[: head_end + 2])
        if not _START.match(head):
            self.gave_up = True
            return None
        body = head_end + 4
        if _CHUNKED.search(head):
            return self._chunked_end(body)
        length = _LENGTH.search(head)
        return body + (int(length[1]) if length else 0)

    def _chunked_end(self, position: int) -> int | None:
        """Walk the chunks; each pass moves on, so it ends with the buffer."""
        while (line_end := self._buffer.find(b"\r\n", position)) >= 0:
            digits = bytes(self._buffer[position:line_end]).partition(b";")[0].strip()
            try:
                size = int(digits, 16)
            except ValueError:
                self.gave_up = True
                return None
            if size == 0:
                end = self._buffer.find(b"\r\n\r\n", line_end)
                return None if end < 0 else end + 4
            position = line_end + 2 + size + 2
        return None
