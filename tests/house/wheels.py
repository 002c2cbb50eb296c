"""Has every pinned requirement a wheel wherever the lab's readers are? ``.ci/run`` asks.

``python -m tests.house.wheels`` takes what the package index tells from uv, and ends with 0 when
every requirement has one, 1 when one lacks it, and 3 when the index can't be reached.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from itertools import chain, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.markers import Marker
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import parse_wheel_filename

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent.parent
REQUIREMENTS = "requirements-dev.txt"  # the lab's own are among them
INDEX_NOT_REACHED = 3

# What may lack a wheel: its name, and what to do where it does. The README names each.
WITHOUT_WHEEL: dict[str, str] = {}

PYTHONS = ((3, 11), (3, 12), (3, 13), (3, 14))
_OLDEST_MACOS = (12, 0)
# Debian 10's and Red Hat 8's, or newer.
_OLDEST_GLIBC_MINOR = 28
_OLD_MANYLINUX = ("manylinux1", "manylinux2010", "manylinux2014")


@dataclass(frozen=True)
class System:
    """An operating system on a processor, as markers and wheels' tags name it."""

    sys_platform: str
    os_name: str
    platform_system: str
    machine: str

    def __str__(self) -> str:
        return f"{self.platform_system} {self.machine}"

    def environment(self, python: tuple[int, int]) -> dict[str, str]:
        """Return what markers are evaluated with."""
        version = f"{python[0]}.{python[1]}"
        return {
            "implementation_name": "cpython",
            "implementation_version": f"{version}.0",
            "os_name": self.os_name,
            "platform_machine": self.machine,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": self.platform_system,
            "platform_version": "",
            "python_full_version": f"{version}.0",
            "python_version": version,
            "sys_platform": self.sys_platform,
        }

    def tags(self, python: tuple[int, int]) -> set[Tag]:
        """Return the tags of the wheels that can be installed there."""
        platforms = self._platforms()
        interpreter = f"cp{python[0]}{python[1]}"
        return {
            *cpython_tags(python, platforms=platforms),
            *compatible_tags(python, interpreter, platforms),
        }

    def _platforms(self) -> list[str]:
        if self.sys_platform == "win32":
            return ["win_amd64"]
        if self.sys_platform == "darwin":
            return list(mac_platforms(_OLDEST_MACOS, self.machine))
        numbered = [f"manylinux_2_{minor}" for minor in range(5, _OLDEST_GLIBC_MINOR + 1)]
        return [f"{name}_{self.machine}" for name in (*numbered, *_OLD_MANYLINUX)]


SYSTEMS = (
    System("win32", "nt", "Windows", "AMD64"),
    System("darwin", "posix", "Darwin", "x86_64"),
    System("darwin", "posix", "Darwin", "arm64"),
    System("linux", "posix", "Linux", "x86_64"),
    System("linux", "posix", "Linux", "aarch64"),
)


class IndexNotReachedError(Exception):
    """The package index gave no answer; the text is uv's."""


def lacking(lock: dict[str, Any]) -> Iterator[str]:
    """List each requirement of a lock (PEP 751) that has no wheel on a system, with the system."""
    places = [(each, python, each.tags(python)) for each, python in product(SYSTEMS, PYTHONS)]
    for package in lock["packages"]:
        marker = Marker(package.get("marker", "python_version >= '3'"))
        tags = set(chain.from_iterable(_tags(wheel) for wheel in package.get("wheels", ())))
        for system, python, fitting in places:
            if tags.isdisjoint(fitting) and marker.evaluate(dict(system.environment(python))):
                version = ".".join(map(str, python))
                yield f"{package['name']} {package['version']}: {system}, Python {version}"


def _tags(wheel: dict[str, Any]) -> frozenset[Tag]:
    name = wheel.get("name") or wheel["url"].rpartition("/")[2]
    return parse_wheel_filename(name)[3]


def _index() -> list[str]:
    """Ask pip for its index; uv has no eye for pip's settings."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = re.search(r"^\S*\.index-url='(.+)'$", listed, re.MULTILINE)
    return ["--index-url", found[1]] if found else []


def _lock() -> dict[str, Any]:
    requested = subprocess.run(
        [
            *(sys.executable, "-m", "uv", "--quiet", "pip", "compile", REQUIREMENTS),
            *("--no-deps", "--universal", "--python-version", "3.11", "--format", "pylock.toml"),
            *_index(),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if requested.returncode and "Failed to fetch" in requested.stderr:
        raise IndexNotReachedError(requested.stderr.strip())
    if requested.returncode:
        sys.exit(requested.stderr)
    return tomllib.loads(requested.stdout)


def main() -> int:
    """Print what lacks a wheel and is not known to; return the exit code."""
    try:
        found = list(lacking(_lock()))
    except IndexNotReachedError as error:
        print(f"The wheels were NOT checked, the package index can't be reached:\n{error}")
        return INDEX_NOT_REACHED
    unknown = [each for each in found if each.partition(" ")[0] not in WITHOUT_WHEEL]
    for each in unknown:
        print(f"no wheel: {each}")
    idle = WITHOUT_WHEEL.keys() - {each.partition(" ")[0] for each in found}
    for name in sorted(idle):
        print(f"{name} has its wheels now: take it out of WITHOUT_WHEEL and of the README")
    if not unknown and not idle:
        print(f"Every requirement has a wheel on {len(SYSTEMS)} systems, {len(PYTHONS)} Pythons.")
    return 1 if unknown or idle else 0


if __name__ == "__main__":
    sys.exit(main())
