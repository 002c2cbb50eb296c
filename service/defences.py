"""Which defences of a service are on: all off at first, switched while it runs; thread-safe."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

from service.errors import BadDefenceError, NotKeptError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


class Defences:
    """A service's defences by name. Reading one costs a lookup: it is done for every request."""

    def __init__(self, names: Iterable[str]) -> None:
        self._lock = threading.Lock()
        self._on = dict.fromkeys(names, False)
        self._kept: Path | None = None

    def keep_in(self, path: Path) -> None:
        """Begin as the file at ``path`` says, and keep every later change there.

        A service that has crashed must not do a single job without what it is meant to have on.
        """
        self._kept = path
        self.read_from(path)

    def read_from(self, path: Path) -> None:
        """Be as the file at ``path`` says, which another process of this service keeps.

        A file that is not there, or broken, changes nothing.
        """
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return
        if isinstance(kept, dict):
            known = {name: value is True for name, value in kept.items() if name in self._on}
            with self._lock:
                self._on = {**self._on, **known}

    def __getitem__(self, name: str) -> bool:
        """Whether the defence ``name`` is on."""
        return self._on[name]

    def as_json(self) -> dict[str, bool]:
        """List them all, each on or off."""
        return dict(self._on)

    def switch(self, changes: Mapping[str, Any]) -> None:
        """Turn defences on or off together; those not named stay as they are.

        Where it raises, nothing has changed.

        :raises BadDefenceError: a name is not one of this service's, or a value is no boolean.
        :raises NotKeptError: they could not be kept for a restart.
        """
        for name, value in changes.items():
            if name not in self._on:
                raise BadDefenceError(f"{name!r} is not one of {', '.join(self._on)}")
            if not isinstance(value, bool):
                raise BadDefenceError(f"{name} must be true or false")
        with self._lock:
            # Replaced as a whole, so that a reader never sees half of a change.
            on = {**self._on, **changes}
            if self._kept is not None:
                _keep(on, self._kept)
            self._on = on


def _keep(on: Mapping[str, bool], path: Path) -> None:
    draft = path.with_suffix(".draft")
    try:
        draft.write_text(json.dumps(on), encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise NotKeptError(error) from error
