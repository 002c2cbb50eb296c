"""Runs are found by their ids, and by nothing else; the latest of each name is pointed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.runs import folders

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

FIRST, SECOND = "20260101T000000000-0001", "20260101T000000001-0002"


def test_a_run_is_found_by_its_id_and_the_latest_by_its_name(tmp_path: Path) -> None:
    folders.place(tmp_path, "a", FIRST)
    second = folders.place(tmp_path, "a", SECOND)
    assert folders.find(tmp_path, FIRST) == tmp_path / "a" / FIRST
    assert set(folders.run_ids(tmp_path)) == {FIRST, SECOND}
    assert (tmp_path / "a" / "latest").resolve() == second.resolve()


def test_what_is_no_id_is_not_looked_for(tmp_path: Path) -> None:
    folders.place(tmp_path, "a", FIRST)
    for name in ("latest", "..", "*", f"{FIRST}/../{FIRST}", ""):
        assert folders.find(tmp_path, name) is None
    assert folders.find(tmp_path, SECOND) is None


def test_where_links_need_a_privilege_a_file_names_the_latest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_args: object, **_kwargs: object) -> None:
        raise OSError("a privilege is missing")

    monkeypatch.setattr("pathlib.Path.symlink_to", refused)
    folders.place(tmp_path, "a", FIRST)
    folders.place(tmp_path, "a", SECOND)
    assert (tmp_path / "a" / "latest").read_text(encoding="ascii") == SECOND
