"""The channel layer of Redis, by which no page waits for Redis."""

from __future__ import annotations

import asyncio
import logging
import uuid
from typing import Any, Final

from channels_redis.pubsub import RedisPubSubChannelLayer
from redis.exceptions import RedisError

log = logging.getLogger("telemetry")

_PAUSE_SECONDS: Final = 2.0


class RedisLayer:
    """Makes a page's channel at once: what subscribes to it, when Redis answers, is `receive`.

    All that is asked of Redis is asked in turn, and one that stands still is waited for. Behind
    that a page would not be accepted in time.
    """

    def __init__(self, **config: Any) -> None:
        self._redis = RedisPubSubChannelLayer(**config)

    def __getattr__(self, name: str) -> Any:
        """Do all else as the library does it."""
        return getattr(self._redis, name)

    async def new_channel(self, prefix: str = "specific.") -> str:
        """Return the name of a channel for one page."""
        return f"{prefix}{uuid.uuid4().hex}"

    async def receive(self, channel: str) -> Any:
        """Wait for the next message; what Redis fails at ends no page."""
        while True:
            try:
                return await self._redis.receive(channel)
            except (RedisError, OSError) as error:
                log.warning("Redis: %s", error)
                await asyncio.sleep(_PAUSE_SECONDS)
