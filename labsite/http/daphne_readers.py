"""How long the observer's HTTP answers wait for callers who read slowly, and how much of them.

Twisted keeps an answer until it has been read, without a bound, also after the end of its request.
"""

from __future__ import annotations

from typing import Any, Final

from labsite.http.daphne_bounds import also

READ_SECONDS: Final = 30.0
"""How long an answer may wait for its caller to have read all of it but what the system holds."""
MAX_UNREAD_BYTES: Final = 256 * 1024 * 1024
"""Of more, in all answers together, the one is dropped that has waited longest."""


class SlowReaders:
    """The connections whose answers wait, the one that has waited longest first."""

    def __init__(self) -> None:
        self.reactor: Any = None
        self._timers: dict[Any, Any] = {}

    def install(self) -> None:
        """Watch those of this process; before its server is made."""
        # The reactor is the one that Daphne has installed.
        from twisted.internet import reactor
        from twisted.web.http import HTTPChannel

        self.reactor = reactor
        channel: Any = HTTPChannel
        channel.pauseProducing = also(channel.pauseProducing, self.waits)
        channel.loseConnection = also(channel.loseConnection, self.waits)
        channel.resumeProducing = also(channel.resumeProducing, self.has_read)
        channel.connectionLost = also(channel.connectionLost, self.has_read)

    def waits(self, channel: Any) -> None:
        """Give its caller a time, and all of them a room."""
        if channel not in self._timers:
            self._timers[channel] = self.reactor.callLater(READ_SECONDS, self._is_late, channel)
        total = sum(map(_unread, self._timers))
        for longest in list(self._timers):
            if total <= MAX_UNREAD_BYTES or longest is channel:
                break
            total -= _unread(longest)
            self._end(longest)

    def has_read(self, channel: Any) -> None:
        """Forget it."""
        timer = self._timers.pop(channel, None)
        if timer is not None and timer.active():
            timer.cancel()

    def _is_late(self, channel: Any) -> None:
        # As a WebSocket its channel hears no more of it.
        if _unread(channel):
            self._end(channel)
        else:
            self.has_read(channel)

    def _end(self, channel: Any) -> None:
        self.has_read(channel)
        channel.transport.abortConnection()


def _unread(channel: Any) -> int:
    """Count the bytes that Twisted holds, for which it has no public name."""
    transport = channel.transport
    waiting: int = len(transport.dataBuffer) - transport.offset + transport._tempDataLen
    return waiting
