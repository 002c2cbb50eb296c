"""The files of `examples/` are systems, and say of themselves what the page has to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from base.env import BASE_DIR
from systems.file import read
from systems.orders import is_open_to_callbacks, takes_orders

if TYPE_CHECKING:
    from pathlib import Path

FILES = sorted((BASE_DIR / "examples").glob("*/*.toml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_each_is_a_system_of_at_least_two_services_with_an_action(file: Path) -> None:
    system = read(file)
    assert len(system.services) >= 2
    [link] = system.links_from("client")
    assert system.actions
    assert all(action.url.startswith(f"http://{link.listen}/") for action in system.actions)


def test_only_where_the_labs_api_lets_a_strange_worker_call_back_it_is_open() -> None:
    opened = {file.stem: is_open_to_callbacks(read(file)) for file in FILES}
    assert opened == {"our_api": True, "our_worker": False, "system": False}
    assert [file.stem for file in FILES if takes_orders(read(file))] == ["our_api"]
