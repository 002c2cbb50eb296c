"""Why the worker does not do a job, each with its HTTP status."""

from __future__ import annotations

from service.errors import RefusedError


class UnknownSkuError(RefusedError):
    """There is no such item: not sold out, but never there."""

    def __init__(self, sku: str) -> None:
        super().__init__(f"unknown sku {sku!r}", field="sku")


class StartedOverError(RefusedError):
    """The lab was started over after the job had come: nothing was done."""

    http_status = 409

    def __init__(self) -> None:
        super().__init__("the lab was started over since this job came: nothing was done")


class TooLateError(RefusedError):
    """The job's caller had given up before it could be begun, ``late_ms`` ago: nothing was done."""

    http_status = 504

    def __init__(self, *, late_ms: int) -> None:
        super().__init__(
            f"the deadline of this job passed {late_ms} ms ago: nobody awaits it any more, and"
            " nothing was done"
        )
        self.late_ms = late_ms
