"""Toxiproxy's errors: a closed list, each with the status and the words of its HTTP API."""

from __future__ import annotations


class ControlError(Exception):
    """A control call that can't be done; the proxies are as they were before it."""

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.message = message
        self.status = status

    def as_json(self) -> dict[str, object]:
        """Return what the HTTP API shows."""
        return {"error": self.message, "status": self.status}


class BadRequestBody(ControlError):
    """The body is no JSON, or one of its values isn't what its field takes."""

    def __init__(self, detail: str) -> None:
        super().__init__(f"bad request body: {detail}", status=400)


class MissingField(ControlError):
    """A field that has no default was left out."""

    def __init__(self, field: str) -> None:
        super().__init__(f"missing required field: {field}", status=400)


class ProxyNotFound(ControlError):
    """No proxy has this name."""

    def __init__(self) -> None:
        super().__init__("proxy not found", status=404)


class ProxyAlreadyExists(ControlError):
    """A proxy of this name is there already."""

    def __init__(self) -> None:
        super().__init__("proxy already exists", status=409)


class InvalidStream(ControlError):
    """A toxic's stream is neither of the two."""

    def __init__(self) -> None:
        super().__init__("stream was invalid, can be either upstream or downstream", status=400)


class InvalidToxicType(ControlError):
    """No toxic is registered under this type."""

    def __init__(self) -> None:
        super().__init__("invalid toxic type", status=400)


class ToxicAlreadyExists(ControlError):
    """The proxy has a toxic of this name, on either stream."""

    def __init__(self) -> None:
        super().__init__("toxic already exists", status=409)


class ToxicNotFound(ControlError):
    """The proxy has no toxic of this name."""

    def __init__(self) -> None:
        super().__init__("toxic not found", status=404)


class ListenFailed(ControlError):
    """The address can't be listened on: taken, not this machine's, or not an address."""

    def __init__(self, reason: str, *, taken: bool = False) -> None:
        # Go names the address only once it has one.
        separator = " " if "bind: " in reason else ": "
        super().__init__(f"listen tcp{separator}{reason}", status=500)
        self.taken = taken


class UnknownAddress(ControlError):
    """An address to move to is none, or its name has none."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, status=500)
