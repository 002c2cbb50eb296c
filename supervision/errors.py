"""Why the lab can't be started, and why the control API refuses a request, with its status."""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar


class NoToxiproxyError(Exception):
    """The Toxiproxy server can't be reached, or refused the lab's links."""


class NoHostsError(Exception):
    """A network namespace for the worker can't be created on this system or by this user."""


class FolderError(Exception):
    """The lab's folder belongs to another lab that runs, or can't be written."""


class ControlError(Exception):
    """A request to the control API failed."""

    http_status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST


class StartError(ControlError):
    """A process of the lab exited, or did not respond in time, after its start."""

    http_status = HTTPStatus.INTERNAL_SERVER_ERROR


class BadBodyError(ControlError):
    """The body of a request is not JSON."""


class HostNotServedError(ControlError):
    """The ``Host`` header names a site that this process does not serve."""


class ForbiddenError(ControlError):
    """A request comes without the secret that the lab's processes share."""

    http_status = HTTPStatus.FORBIDDEN


class UnknownPathError(ControlError):
    """The control API has no such path for this method."""

    http_status = HTTPStatus.NOT_FOUND
