"""Which tests go to which of xdist's workers, and in which order."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from xdist.scheduler import LoadFileScheduling

if TYPE_CHECKING:
    from collections.abc import Collection

    import pytest
    from xdist.remote import Producer
    from xdist.workermanage import WorkerController

_PAGE = "tests/page/"
_MARKERS = ("page", "flow", "timeout")


class FileScheduling(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
    """A file a worker, in the order of collection; the page's files at one while there are others.

    They share a browser, and compute while the other workers' tests wait.
    """

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        super().__init__(config, log)
        # Or the files with the most tests go first, which are the quickest.
        config.option.loadscopereorder = False

    def _assign_work_unit(self, node: WorkerController) -> None:
        others = [files for each, files in self.assigned_work.items() if each is not node]
        file = next_file(self.workqueue, own=self.assigned_work[node], others=others)
        self.workqueue.move_to_end(file, last=False)
        super()._assign_work_unit(node)


def next_file(
    waiting: Collection[str], *, own: Collection[str], others: Collection[Collection[str]]
) -> str:
    """Return which of the files that wait is for a worker that had its ``own``.

    A second worker starts a browser only when nothing else waits.
    """
    wants_page = _has_page(own) or not any(map(_has_page, others))
    return min(waiting, key=lambda file: file.startswith(_PAGE) != wants_page)


def _has_page(files: Collection[str]) -> bool:
    return any(file.startswith(_PAGE) for file in files)


def ranked(items: list[pytest.Item]) -> list[pytest.Item]:
    """Order ``items`` so that what takes longest begins, or one worker would be waited for alone.

    Tests of the page take about as long as one another: the larger ones of their files go first.
    """
    sizes = Counter(item.path for item in items)

    def rank(item: pytest.Item) -> tuple[int, int]:
        found = (n for n, name in enumerate(_MARKERS) if item.get_closest_marker(name))
        number = next(found, len(_MARKERS))
        return number, -sizes[item.path] if number == 0 else 0

    return sorted(items, key=rank)
