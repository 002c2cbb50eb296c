"""Why a service refuses a request: each with its HTTP status, sent by `service.answers.refuse`."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from boundary.log_messages import LOG_OUTCOME_UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping


class RefusedError(ValueError):
    """A request is refused and changes nothing; ``field`` names the part that is wrong.

    ``details`` go into the answer beside the message.
    """

    http_status: ClassVar[int] = 400
    retry_after_seconds: ClassVar[int | None] = None
    log_message: ClassVar[str] = "request refused"

    def __init__(
        self, message: str, *, field: str | None = None, details: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.field = field
        self.details = details or {}


class BadRequestError(RefusedError):
    """A body or a parameter is not what the contract allows."""


class BadDefenceError(RefusedError):
    """A defence is not one of this service's, or is to be something else than on or off."""


class BadFaultError(RefusedError):
    """A fault is not one that can be turned on in this service's code."""


class NotOfTheLabError(RefusedError):
    """A call that is for the lab's own processes comes without their shared secret."""

    http_status = 403

    def __init__(self) -> None:
        super().__init__("only the lab's own processes may call this")


class HostNotServedError(RefusedError):
    """The ``Host`` header names a site that this process does not serve."""

    def __init__(self) -> None:
        super().__init__("this host name is not served here")


class ForeignOriginError(RefusedError):
    """A page of another site is behind a call that changes something."""

    http_status = 403

    def __init__(self) -> None:
        super().__init__("a page of another origin may not do this")


class BodyTooLongError(RefusedError):
    """The body is longer than this process reads."""

    http_status = 413

    def __init__(self, *, max_bytes: int) -> None:
        super().__init__(f"the body is over {max_bytes} bytes")


class NulInAddressError(RefusedError):
    """The path or the query holds a NUL, which PostgreSQL stores in no text and so never finds."""

    def __init__(self) -> None:
        super().__init__("an address may not hold a NUL")


class StorageError(RefusedError):
    """The database can't be used now; a request that was to be stored is not acknowledged."""

    http_status = 503
    retry_after_seconds = 2

    def __init__(self, error: Exception) -> None:
        super().__init__(f"the database can't be used now: {reason(error)}")


class NotKeptError(RefusedError):
    """A change could not be written where a restart would find it; it was not made."""

    http_status = 503
    retry_after_seconds = 2

    def __init__(self, error: OSError) -> None:
        super().__init__(f"it can't be kept: {error.strerror or error}")


class UnknownOutcomeError(RefusedError):
    """The database's connection broke while it was storing: it may have done so, or not."""

    http_status = 503
    retry_after_seconds = 2
    log_message = LOG_OUTCOME_UNKNOWN

    def __init__(self, error: Exception, *, details: Mapping[str, str]) -> None:
        super().__init__(
            "the connection to the database broke before it answered: whether this was stored is"
            f" not known; ask later ({reason(error)})",
            details={**details, "stored": "unknown"},
        )


def reason(error: Exception) -> str:
    """Return the first line of an error, without what a database's client explains of it."""
    return str(error).partition("\n")[0] or type(error).__name__
