"""Each service computes on a core of its own, where there is more than one."""

from __future__ import annotations

import pytest

from supervision.cores import core_of


@pytest.mark.parametrize(("cores", "chosen"), [([0, 1], [1, 0]), ([4, 7, 5], [7, 5])])
def test_each_service_has_one_of_its_own(cores: list[int], chosen: list[int]) -> None:
    assert [core_of(name, cores) for name in ("api", "worker")] == chosen


@pytest.mark.parametrize(("name", "cores"), [("api", [0]), ("api", []), ("observer", [0, 1])])
def test_otherwise_the_system_chooses(name: str, cores: list[int]) -> None:
    assert core_of(name, cores) is None
