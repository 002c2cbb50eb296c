"""What the API believes beside what the worker has done, moment by moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence.model.moment import Moment
from evidence.model.proof import proofs_of
from evidence.orders.beliefs import beliefs
from evidence.orders.facts import DONE, facts

if TYPE_CHECKING:
    from evidence.model.change import Change
    from evidence.model.perspective import Seen

_AGREE = {
    ("CONFIRMED", "reserved"),
    ("REJECTED", "rejected"),
    ("CANCELLED", "rejected"),
    ("CANCELLED", "released"),
}


def truths(seen: Seen) -> tuple[Moment, ...]:
    """Set both sides' histories side by side; empty for a trace that is no order's."""
    believed, done = beliefs(seen), facts(seen)
    if len(believed) == len(done) == 1:
        return ()
    found = []
    for at in sorted({change.unix_nano for change in (*believed, *done)}):
        api, worker = _at(believed, at), _at(done, at)
        proofs = proofs_of((*api.records, *worker.records))
        found.append(Moment(at, api, worker, contradict(api, worker), proofs))
    return tuple(found)


def contradict(api: Change, worker: Change) -> bool:
    """Whether the two sides contradict each other; not knowing contradicts nothing."""
    if worker.value not in DONE:
        return False
    if api.value == "unknown":
        return bool(api.records)
    return (api.value, worker.value) not in _AGREE


def _at(changes: tuple[Change, ...], at: int) -> Change:
    return [changes[0], *(change for change in changes if change.unix_nano <= at)][-1]
