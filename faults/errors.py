"""Why a fault can't be set or healed; sent by `faults.api`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.errors import RefusedError

if TYPE_CHECKING:
    from base.errors import LabError


class FaultError(RefusedError):
    """A requested fault is unknown, incomplete, or can't be applied at its level here."""


class FaultNotFoundError(RefusedError):
    """No fault of that id is in force."""

    http_status = 404

    def __init__(self) -> None:
        super().__init__("not found")


class LinkError(RefusedError):
    """A requested link is incomplete, or the links' control API does not make or remove it."""


class LinkNotFoundError(LinkError):
    """There is no such link, or it is the system's own, which stays."""

    http_status = 404

    def __init__(self) -> None:
        super().__init__("not found")


class HolderError(RefusedError):
    """The process that holds a fault can't be reached or failed.

    ``may_hold`` is False when it certainly has not done what was asked. ``cause`` is the failed
    call to it, if it was one.
    """

    http_status = 502

    def __init__(
        self, message: str, *, may_hold: bool = False, cause: LabError | None = None
    ) -> None:
        super().__init__(message)
        self.may_hold = may_hold
        self.cause = cause


class FirewallError(Exception):
    """A block is invalid, not possible on this system, or one of its commands failed."""
