"""Any application's trace, explained by the calls between its services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence.calls.case import case_of
from evidence.calls.checklist import checklist
from evidence.calls.diagnosis import diagnose
from evidence.calls.messages import messages, sides
from evidence.calls.truths import subject, truths
from evidence.model.explanation import Explanation
from evidence.model.trace import moment, service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evidence.calls.call import Call
    from evidence.calls.case import Case
    from evidence.model.moment import Moment
    from evidence.model.perspective import Seen
    from evidence.model.trace import Trace
    from evidence.windows import FaultWindow


def explain_calls(
    seen: Seen, whole: Trace, *, truncated: bool, windows: Sequence[FaultWindow]
) -> Explanation:
    """Explain what is seen of the ``whole`` trace."""
    case = case_of(seen, truncated=truncated, windows=windows)
    about = subject(case)
    return Explanation(
        of="calls",
        finding=diagnose(case),
        checklist=checklist(seen),
        truths=_truths(case, about) if about is not None else (),
        truths_of=(about.caller, about.callee) if about is not None else ("", ""),
        messages=messages(case.calls, windows=windows),
        lanes=tuple(dict.fromkeys((*sides(case.calls), *case.services))),
        perspectives=("all", *services_of(whole)),
    )


def _truths(case: Case, call: Call) -> tuple[Moment, ...]:
    return truths(call, is_hidden=not case.seen.everything, logs=case.logs_of_callee(call))


def services_of(trace: Trace) -> tuple[str, ...]:
    """The services with a record, in order of their first."""
    return tuple(dict.fromkeys(service(record) for record in sorted(trace.records, key=moment)))
