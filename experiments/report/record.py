"""What a report is made of: all that is known of one run."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from evidence.rendering import rendered
from experiments.report.kept_evidence import read_kept
from experiments.wording import kept_text, run_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run, as its files have it.

    ``state`` is ``run.json``, ``journal`` Chaos Toolkit's, ``history`` the clients' operations, and
    ``gathered`` what the lab held and recorded in the end (`experiments.runs.gather`).
    """

    state: Mapping[str, Any]
    journal: Mapping[str, Any]
    history: Sequence[Mapping[str, Any]] = ()
    gathered: Mapping[str, Any] = field(default_factory=dict)

    @property
    def description(self) -> str:
        """What the experiment shows."""
        text = str(self.journal.get("experiment", {}).get("description", "")).strip()
        return gettext(text) if text else ""

    @property
    def tags(self) -> list[str]:
        """The experiment's tags."""
        return [str(each) for each in self.journal.get("experiment", {}).get("tags", ())]

    @property
    def reason(self) -> str:
        """Why the run ended as it did, or why nothing could be gathered; empty for neither."""
        return self.state.get("reason") or kept_text(self.gathered.get("problem"))

    @property
    def statuses(self) -> Mapping[str, str]:
        """What the API holds in the end, by requestId."""
        return {request: str(each["status"]) for request, each in self.final.items()}

    @property
    def final(self) -> Mapping[str, Mapping[str, Any]]:
        """What both services hold of each request in the end: ``{status, reservations}``."""
        final: Mapping[str, Mapping[str, Any]] = self.gathered.get("final", {})
        return final

    @property
    def traces(self) -> list[dict[str, Any]]:
        """Some of the traces: ``{spans, evidence}``, the evidence in the language in force."""
        kept = self.gathered.get("traces") or []
        return [{**each, "evidence": rendered(read_kept(each["evidence"]))} for each in kept]


def read_record(directory: Path) -> RunRecord:
    """Read what a run of an experiment left in its folder.

    :raises FileNotFoundError: it has not left its files, or not yet.
    """
    journal, history, gathered = (
        read_json(directory / f"{name}.json") for name in ("journal", "history", "gathered")
    )
    return RunRecord(run_json(read_json(directory / "run.json")), journal, history, gathered)


def read_json(path: Path) -> Any:
    """Read one of the files that a run left."""
    return json.loads(path.read_text(encoding="utf-8"))
