"""What lacks a wheel somewhere is found by its tags and markers, and named in the README."""

from __future__ import annotations

from typing import Any

import pytest

from tests.house.wheels import PYTHONS, ROOT, SYSTEMS, WITHOUT_WHEEL, lacking


def lock(*wheels: str, marker: str | None = None) -> dict[str, Any]:
    package: dict[str, Any] = {
        "name": "thing",
        "version": "1.0",
        "wheels": [{"url": f"https://files.invalid/a/thing-1.0-{tags}.whl"} for tags in wheels],
    }
    return {"packages": [package | ({"marker": marker} if marker else {})]}


def places(document: dict[str, Any]) -> set[str]:
    return {each.partition(": ")[2] for each in lacking(document)}


@pytest.mark.parametrize(
    "wheels",
    [
        ["py3-none-any"],
        ["py2.py3-none-any"],
        [
            "cp311-abi3-win_amd64",
            "cp39-abi3-macosx_10_9_universal2",
            "cp311-abi3-manylinux_2_17_aarch64.manylinux2014_aarch64",
            "cp311-abi3-manylinux_2_28_x86_64",
        ],
    ],
)
def test_nothing_is_lacking(wheels: list[str]) -> None:
    assert places(lock(*wheels)) == set()


def test_a_source_alone_is_lacking_everywhere() -> None:
    assert len(places(lock())) == len(SYSTEMS) * len(PYTHONS)


def test_a_mac_of_the_other_kind_is_found() -> None:
    wheels = [f"cp311-abi3-{each}" for each in ("win_amd64", "macosx_11_0_arm64")]
    wheels += [f"cp311-abi3-manylinux2014_{each}" for each in ("x86_64", "aarch64")]
    assert places(lock(*wheels)) == {
        f"Darwin x86_64, Python 3.{minor}" for minor in (11, 12, 13, 14)
    }


def test_a_python_that_is_newer_than_the_wheels_is_found() -> None:
    wheels = [
        f"cp3{minor}-cp3{minor}-{each}"
        for minor in (11, 12, 13)
        for each in (
            "win_amd64",
            "macosx_11_0_universal2",
            "manylinux1_x86_64",
            "manylinux_2_26_aarch64",
        )
    ]
    assert places(lock(*wheels)) == {f"{system}, Python 3.14" for system in SYSTEMS}


def test_what_is_wanted_on_one_system_is_not_lacking_on_others() -> None:
    assert places(lock("py3-none-win_amd64", marker="sys_platform == 'win32'")) == set()
    assert places(lock(marker="sys_platform == 'win32' and python_version < '3.12'")) == {
        "Windows AMD64, Python 3.11"
    }


def test_the_readme_names_what_lacks_a_wheel() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in WITHOUT_WHEEL if name not in readme] == []
