"""What an experiment of any system looks at: the requests that ``send_action`` has just sent.

Probes of Chaos Toolkit's ``python`` provider, as those of `experiments.probes`, of which
``answers``, ``clients_waited``, ``logged`` and ``some_logged`` are for requests too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from base.message import Message
from experiments.checker.settling import wait_for
from experiments.observing import traces
from experiments.observing.observation import counted, observation, of_each
from experiments.runs.session import current, reporting
from experiments.texts import joined, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.observing.observation import Observation

    Configuration = Mapping[str, Any] | None

RECORDS_SECONDS = 10.0
"""How long records are waited for: an OpenTelemetry SDK sends them every five seconds."""


def succeeds(action: str, within: float = 10, configuration: Configuration = None) -> bool:
    """Whether ``action`` is answered without an error, tried until ``within`` seconds are up."""
    session = current(configuration)
    with reporting(session):
        # Sent beside the history: the hypothesis is no part of the experiment's load.
        return wait_for(
            lambda: session.lab.send_action(action)[0]["errorKind"] is None, bool, within
        )


def took(
    at_least_ms: float = 0, at_most_ms: float | None = None, configuration: Configuration = None
) -> Observation:
    """How long the client waited for each request, in milliseconds."""
    placed = current(configuration).placed
    waited = [each.latency_ms for each in placed]
    most = float("inf") if at_most_ms is None else at_most_ms
    params = {"least": f"{at_least_ms:g}", "most": f"{most:g}"}
    return observation(
        Message("observed.took"),
        expected=Message("value.at_least", {"count": f"{at_least_ms:g}"})
        if at_most_ms is None
        else Message("value.range", params),
        actual=Message("value.range", {"least": f"{min(waited):.0f}", "most": f"{max(waited):.0f}"})
        if waited
        else Message("value.no_order"),
        ok=bool(waited) and all(at_least_ms <= each <= most for each in waited),
    )


def error_kinds(expected: list[str], configuration: Configuration = None) -> Observation:
    """With which errorKind each request ended for its client; ``none`` for no error."""
    placed = current(configuration).placed
    kinds = [each.error or traces.NONE for each in placed]
    return observation(
        Message("observed.error_kind"),
        expected=joined([traces.kind_message(kind) for kind in expected], "value.one_of"),
        actual=counted(traces.kind_message(kind) for kind in kinds),
        ok=bool(kinds) and set(kinds) <= set(expected),
    )


def recorded(
    service: str,
    expected: bool = True,  # noqa: FBT001, FBT002 (a file gives it by its name)
    within: float = RECORDS_SECONDS,
    configuration: Configuration = None,
) -> Observation:
    """Whether ``service`` has a span or a log record of each request.

    That there is none is looked at for the whole time.
    """
    session = current(configuration)

    def observe() -> Observation:
        found = [traces.has_records(session.lab, each, service) for each in session.placed]
        return of_each(
            Message("observed.recorded", {"service": service}),
            [_on_record(is_recorded=each) for each in found],
            expected=_on_record(is_recorded=expected),
        )

    with reporting(session):
        return wait_for(observe, lambda seen: seen["ok"] is expected, within)


def calls(
    service: str,
    expected: list[str],
    within: float = RECORDS_SECONDS,
    configuration: Configuration = None,
) -> Observation:
    """With which errorKind a call of ``service`` failed in each request; ``none`` for no failure.

    By the records of ``service``.
    """
    session = current(configuration)

    def observe() -> Observation:
        kinds = [traces.failure_of(session.lab, each, service) for each in session.placed]
        return observation(
            Message("observed.calls", {"service": service}),
            expected=joined([traces.call_message(kind) for kind in expected], "value.one_of"),
            actual=counted(traces.call_message(kind) for kind in kinds),
            ok=bool(kinds) and set(kinds) <= set(expected),
        )

    # That there is no failure is looked at for the whole time.
    stays = traces.NONE in expected
    with reporting(session):
        return wait_for(observe, lambda seen: seen["ok"] is not stays, within)


def explained(
    expected: str, within: float = RECORDS_SECONDS, configuration: Configuration = None
) -> Observation:
    """Whether the explanation of each request has ``expected`` in its headline, in English."""
    session = current(configuration)

    def observe() -> Observation:
        headlines = [traces.headline(session.lab, each) for each in session.placed]
        return observation(
            Message("observed.explained"),
            expected=plain(expected),
            actual=counted(map(traces.headline_message, headlines)),
            ok=bool(headlines) and all(expected in each for each in headlines),
        )

    with reporting(session):
        return wait_for(observe, lambda seen: seen["ok"], within)


def _on_record(*, is_recorded: bool) -> Message:
    return Message("value.recorded" if is_recorded else "value.not_recorded")
