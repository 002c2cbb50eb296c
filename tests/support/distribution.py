"""Which tests go to which of xdist's workers, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xdist.scheduler import LoadFileScheduling

if TYPE_CHECKING:
    import pytest
    from xdist.remote import Producer

_PAGE = "tests/page"


class FileScheduling(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
    """A file a worker, in the order of collection; the page's files together.

    They share a browser, and compute while the other workers' tests wait.
    """

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        super().__init__(config, log)
        # Or the files with the most tests go first, which are the quickest.
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(f"{_PAGE}/"):
            return _PAGE
        return str(super()._split_scope(nodeid))


def rank(item: pytest.Item) -> int:
    """Sort key: what takes longest begins, or one worker would be waited for alone."""
    markers = ("page", "flow", "timeout")
    found = (n for n, name in enumerate(markers) if item.get_closest_marker(name))
    return next(found, len(markers))
