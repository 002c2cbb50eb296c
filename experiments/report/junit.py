"""Runs as a JUnit report, which CI systems read: a suite a run, a case a step. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from experiments.observing.journal import is_observation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

# What XML can't have, even escaped.
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_COUNTED = {"failures": "failure", "errors": "error", "skipped": "skipped"}
_GOOD = ("passed", "skipped")
_PHASES = {"hypothesis": "before", "hypothesis after": "after", "rollback": "rollbacks"}


@dataclass(frozen=True, slots=True)
class Case:
    """A step: ``outcome`` is empty, ``failure``, ``error`` or ``skipped``; ``text`` says why."""

    phase: str
    name: str
    outcome: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Suite:
    """A run."""

    name: str
    started: str
    cases: Sequence[Case]


def junit(suites: Iterable[Suite]) -> str:
    """Write a report of ``suites``."""
    root = ET.Element("testsuites")
    for suite in suites:
        counts = {
            key: str(sum(each.outcome == outcome for each in suite.cases))
            for key, outcome in _COUNTED.items()
        }
        attributes = {
            "name": _fit(suite.name),
            "tests": str(len(suite.cases)),
            "timestamp": suite.started,
            **counts,
        }
        made = ET.SubElement(root, "testsuite", attributes)
        for case in suite.cases:
            element = ET.SubElement(
                made, "testcase", classname=f"{_fit(suite.name)}.{case.phase}", name=_fit(case.name)
            )
            if case.outcome:
                ET.SubElement(element, case.outcome, message=_fit(case.text))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def of_state(state: Mapping[str, Any]) -> Suite:
    """Return the suite of a run by its ``run.json``, in the language in force."""
    observed = {each["name"]: each for each in state["observed"]}
    cases = [_step(each, observed.get(each["name"])) for each in state["steps"]]
    reason = ": ".join(filter(None, (state["status"], state["reason"])))
    if state["status"] == "skipped":
        cases = [Case("run", state["title"], "skipped", reason)]
    elif state["status"] not in _GOOD and not any(each.outcome for each in cases):
        cases.append(Case("run", state["title"], "error", reason))
    return Suite(state["name"], state["startedAt"], cases)


def of_journal(name: str, journal: Mapping[str, Any]) -> Suite:
    """Return the suite of a run by Chaos Toolkit's journal."""
    cases = list(_cases_of(journal))
    if journal["status"] != "completed" and not any(each.outcome for each in cases):
        cases.append(Case("run", name, "error", str(journal["status"])))
    return Suite(name, journal["start"], cases)


def _step(step: Mapping[str, Any], observed: Mapping[str, Any] | None) -> Case:
    phase = _PHASES.get(step["kind"], "method")
    if step["status"] == "succeeded":
        return Case(phase, step["name"])
    if step["status"] == "deviated":
        return Case(phase, step["name"], "failure", _difference(observed))
    return Case(phase, step["name"], "error", step["text"] or step["status"])


def _cases_of(journal: Mapping[str, Any]) -> Iterator[Case]:
    for phase in ("before", "after"):
        for each in (journal["steady_states"][phase] or {}).get("probes", ()):
            met = each.get("tolerance_met", True)
            yield _activity(phase, each, "" if met else f"it is {each.get('output')!r}")
    for phase, key in (("method", "run"), ("rollbacks", "rollbacks")):
        for each in journal[key] or ():
            output = each.get("output")
            deviates = is_observation(output) and not output["ok"]
            yield _activity(phase, each, _difference(output) if deviates else "")


def _activity(phase: str, run: Mapping[str, Any], deviation: str) -> Case:
    name = run["activity"]["name"]
    if run["status"] != "succeeded":
        raised = str((run.get("exception") or [run["status"]])[-1]).strip()
        return Case(phase, name, "error", raised)
    return Case(phase, name, "failure" if deviation else "", deviation)


def _difference(observed: Mapping[str, Any] | None) -> str:
    if observed is None:
        return "not as expected"
    return f"expected {observed['expected']}, observed {observed['actual']}"


def _fit(text: str) -> str:
    return _UNFIT.sub("\ufffd", text)
