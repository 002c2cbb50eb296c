"""A mystery: chosen by its seed, judged by what the API could know. Pure."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.utils.translation import gettext as _

from boundary.log_messages import LOG_EVENT_RECEIVED, LOG_JOB_DELIVERED, LOG_JOB_NOT_DELIVERED
from lesson.suspects import NAMES, SLOW_MS, SUSPECTS, Event, Look, Suspect, named

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

Kind = Literal["exact", "lucky", "fits", "broad", "wrong", "odd"]

MOST_POINTS = 3
LONGEST_SEED = 40
PATIENCE_NS = (SLOW_MS + 2_000) * 1_000_000
"""After this long without an event, what is slow by `SLOW_MS` would have come."""

_POINTS: dict[Kind, int] = {"exact": 3, "lucky": 2, "fits": 1, "broad": 1, "wrong": 0, "odd": 0}


class BadSeedError(Exception):
    """It is no text of 1 to 40 characters that can be shown."""


class BadNamesError(Exception):
    """What is named is no list of suspects, or an empty one."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How an answer was judged; ``fitting`` are the suspects that the API's records allow."""

    kind: Kind
    points: int
    fitting: tuple[str, ...]


def read_seed(given: object) -> str:
    """Return the seed in the form in which it is hashed.

    :raises BadSeedError: it is no seed.
    """
    text = unicodedata.normalize("NFKC", given).strip() if isinstance(given, str) else ""
    if not 1 <= len(text) <= LONGEST_SEED or not text.isprintable():
        sentence = _("seed must be a text of 1 to %(most)s characters")
        raise BadSeedError(sentence % {"most": LONGEST_SEED})
    return text


def choose(seed: str) -> Suspect:
    """Return the suspect of a seed: the same one wherever and whenever it is asked for."""
    digest = hashlib.sha256(f"partition-lab mystery {seed}".encode()).digest()
    return SUSPECTS[int.from_bytes(digest) % len(SUSPECTS)]


def look(api_logs: Sequence[Mapping[str, Any]], *, until_ns: int) -> Look | None:
    """Say how an order looks by the API's own lines, in order of time; None while it is open.

    ``until_ns`` is the moment up to which the lines tell, in Unix nanoseconds.
    """
    ended = next((at for at, line in enumerate(api_logs) if _ends_delivery(line)), None)
    if ended is None:
        return None
    line = api_logs[ended]
    waited = until_ns - int(line["timeUnixNano"])
    missing: Event = "none" if waited > PATIENCE_NS else "not_yet"
    arrived = next(
        (at for at, each in enumerate(api_logs) if each["msg"] == LOG_EVENT_RECEIVED), None
    )
    if line["msg"] == LOG_JOB_DELIVERED:
        # The event races the answer to the job, and either may win in a lab that is well.
        return Look("delivered", missing if arrived is None else "after")
    event: Event = missing if arrived is None else "before" if arrived < ended else "after"
    return Look(str(line["attributes"].get("errorKind") or "unknown"), event)


def fitting(looks: Collection[Look]) -> tuple[str, ...]:
    """Name the suspects that could have shown each of ``looks``; all of them when there is none."""
    return tuple(each.name for each in SUSPECTS if each.looks.issuperset(looks))


def read_names(given: object) -> frozenset[str]:
    """Check what a learner names.

    :raises BadNamesError: it is no list of suspects, or an empty one.
    """
    if not isinstance(given, list) or not given or not set(map(str, given)) <= set(NAMES):
        raise BadNamesError(f"suspects must name one or more of {', '.join(NAMES)}")
    return frozenset(given)


def judge(names: frozenset[str], *, truth: str, looks: Collection[Look]) -> Verdict:
    """Judge what was named by what the API could know, and by the truth.

    Best is to name exactly those that fit. Of several that look the same from the API's side,
    naming the right one alone is luck, and naming another one alone is still sound.
    """
    allowed = fitting(looks)
    if truth not in allowed:
        kind: Kind = "odd"
    elif names == set(allowed):
        kind = "exact"
    elif names <= set(allowed):
        kind = "lucky" if truth in names else "fits"
    else:
        kind = "broad" if truth in names else "wrong"
    return Verdict(kind, _POINTS[kind], allowed)


def explain(verdict: Verdict) -> str:
    """Say why an answer got its points."""
    alone = len(verdict.fitting) == 1
    if verdict.kind == "exact" and alone:
        return _("You found it. Nothing else on the list fits what the API's records show.")
    return {
        "exact": _(
            "You named exactly the suspects that fit. Which of them it was cannot be told from the"
            " API's side alone, and you did not pretend to know."
        ),
        "lucky": _(
            "You named the right one, but not by evidence: from the API's side alone others look"
            " exactly the same."
        ),
        "fits": _(
            "It was another one, and yet your answer is sound: from the API's side alone the two"
            " cannot be told apart."
        ),
        "broad": _("The right one is among those you named, with some that the records rule out."),
        "wrong": _("The API's records rule out what you named."),
        "odd": _(
            "The lab did not behave as this fault does: something else was in force besides it, a"
            " defence or another fault. No points are given or taken."
        ),
    }[verdict.kind]


def ruled_out(names: Iterable[str], allowed: Collection[str]) -> list[dict[str, str]]:
    """Say of each suspect that was named and does not fit, what it would have shown."""
    return [
        {
            "name": name,
            "title": str(named(name).title),
            "text": _("It would have shown: %(looks)s.")
            % {"looks": _(" or ").join(words(each) for each in _in_order(named(name)))},
        }
        for name in NAMES
        if name in set(names) - set(allowed)
    ]


def words(seen: Look) -> str:
    """Say how an order looks, in words."""
    if seen.delivery == "delivered":
        return {
            "none": _("the job delivered, and no event"),
            "not_yet": _("the job delivered, and no event yet"),
            "before": _("the job delivered, and the event received"),
            "after": _("the job delivered, and the event received"),
        }[seen.event]
    described = {
        "none": _("%(kind)s, and no event"),
        "not_yet": _("%(kind)s, and no event yet"),
        "before": _("%(kind)s, though the event had come before"),
        "after": _("%(kind)s, and the event after it"),
    }[seen.event]
    return described % {"kind": seen.delivery}


def _in_order(suspect: Suspect) -> list[Look]:
    final = (each for each in suspect.looks if each.event != "not_yet")
    return sorted(final, key=lambda each: (each.delivery, each.event))


def _ends_delivery(line: Mapping[str, Any]) -> bool:
    return line["msg"] in (LOG_JOB_DELIVERED, LOG_JOB_NOT_DELIVERED)
