"""Every way in which telemetry is refused, with its HTTP status where it has one: a closed list."""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar


class TelemetryError(Exception):
    """Telemetry was not taken in."""

    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR
    retry_after_seconds: ClassVar[int | None] = None


class Malformed(TelemetryError):  # noqa: N818 (named for what is wrong, as the statuses are)
    """The body is not what its content type says; sending it again does not help."""

    status = HTTPStatus.BAD_REQUEST


class TooLarge(TelemetryError):  # noqa: N818
    """The body is over the limit, packed or unpacked; or one file cannot take so much."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class Unsupported(TelemetryError):  # noqa: N818
    """The content type or the encoding is none of OTLP/HTTP's."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class NoSuchSignal(TelemetryError):  # noqa: N818
    """There is no such signal of OTLP/HTTP, or it is not received here."""

    status = HTTPStatus.NOT_FOUND


class Overloaded(TelemetryError):  # noqa: N818
    """More waits to be stored than may; the sender should come back."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    retry_after_seconds = 1


class Unavailable(TelemetryError):  # noqa: N818
    """The database can't take it now; the sender should come back."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    retry_after_seconds = 2


class PortTakenError(Exception):
    """The port of OTLP/gRPC can't be listened on; the text is gRPC's."""


class RecordRefusedError(ValueError):
    """One record cannot be kept, and those beside it can; counted in ``partialSuccess``."""
