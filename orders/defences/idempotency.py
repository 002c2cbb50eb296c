"""``Idempotency-Key``: the same key and the same order get the same answer, and one order.

As in draft-ietf-httpapi-idempotency-key-header. The key is committed with its order, so that a
client that got no answer may ask again, also after a crash.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import threading
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError
from django.utils import timezone

from orders.defences import consistency
from orders.errors import IDEMPOTENCY_KEY, InFlightError, KeyTakenError, ReusedKeyError
from orders.models import IdempotencyKey, Order
from orders.wire import answer_of

if TYPE_CHECKING:
    from orders.wire import OrderRequest

log = logging.getLogger("orders")

REPLAYED_HEADER = "Idempotency-Replayed"
LONGEST_KEY = 255
KEPT_SECONDS = 86_400
"""Keys older than this are forgotten."""

MOST_KEPT = 100_000
"""Of more keys than this the oldest are forgotten."""

IN_FLIGHT_SECONDS = 6
"""Longer than an order takes: after that, whoever was at it has died and gives no answer."""

_FORGET_EVERY = 500
# A structured field's item may have parameters; there are none that would say anything here.
_QUOTED = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"(?: *;[ -~]*)?')
_BARE = re.compile(r"[A-Za-z0-9._~:/+-]+")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it was, or is to be, given."""

    http_status: int
    body: dict[str, Any]
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """The key that an order is placed under; ``replaced`` when it is not the caller's own."""

    text: str
    replaced: bool = False


def read_key(header: str | None) -> Key | None:
    """Read the header: a quoted string as in the draft, or the same characters without quotes.

    What is neither, or empty, or longer than 255 characters is replaced by a key of ours, as a
    malformed ``X-Request-Id`` is; the answer carries it, so that its caller can repeat it.
    """
    if header is None:
        return None
    text = header.strip()
    quoted = _QUOTED.fullmatch(text)
    key = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else text
    if not key or len(key) > LONGEST_KEY or not (quoted or _BARE.fullmatch(text)):
        log.warning("malformed %s replaced", IDEMPOTENCY_KEY)
        return Key(str(uuid.uuid4()), replaced=True)
    return Key(key)


def known(key: str, request: OrderRequest) -> Answer | None:
    """Return the answer that was given under ``key``; None for a key that is new.

    One whose maker has died before it answered is answered now, by how its order stands.

    :raises ReusedKeyError: the key stands for another order.
    :raises InFlightError: its first request is still in progress.
    """
    row = IdempotencyKey.objects.select_related("order").filter(key=key).first()
    if row is None:
        return None
    if row.fingerprint != fingerprint(request):
        raise ReusedKeyError
    if (given := _given(row)) is not None:
        return given
    # An age below zero is that of a clock which was put back meanwhile.
    if timedelta() <= timezone.now() - row.created_at < timedelta(seconds=IN_FLIGHT_SECONDS):
        raise InFlightError
    order = row.order
    if consistency.is_on() and order.status == Order.Status.PENDING:
        consistency.cancel(order, may_be_reserved=True)
    return keep(key, Answer(*answer_of(order), replayed=True))


def add(key: str, order: Order, request: OrderRequest) -> None:
    """Keep ``key`` in the transaction of its order.

    :raises KeyTakenError: somebody else has it.
    """
    try:
        IdempotencyKey(
            key=key, fingerprint=fingerprint(request), order=order, created_at=order.created_at
        ).save(force_insert=True)
    except IntegrityError:
        raise KeyTakenError from None


def keep(key: str, answer: Answer) -> Answer:
    """Keep the answer before it is given; return the one that holds when there was one already."""
    if not IdempotencyKey.objects.filter(key=key, http_status=None).update(
        http_status=answer.http_status, answer=json.dumps(answer.body)
    ):
        row = IdempotencyKey.objects.filter(key=key).first()
        if row is not None and (given := _given(row)) is not None:
            return given
    _FORGETTING.count()
    return answer


def forget_old(*, most: int = MOST_KEPT, kept_seconds: int = KEPT_SECONDS) -> int:
    """Forget keys beyond age and number; return how many those were. Their orders stay."""
    now = timezone.now()
    old = IdempotencyKey.objects.filter(created_at__lt=now - timedelta(seconds=kept_seconds))
    forgotten = old.delete()[0]
    newest = IdempotencyKey.objects.order_by("-created_at").values_list("created_at", flat=True)
    beyond = newest[most : most + 1].first()
    if beyond is not None:
        forgotten += IdempotencyKey.objects.filter(created_at__lte=beyond).delete()[0]
    return forgotten


def fingerprint(request: OrderRequest) -> str:
    """Distinguish orders by their content, however their bodies are written."""
    return hashlib.sha256(f"{request.sku}\n{request.quantity}".encode()).hexdigest()


def _given(row: IdempotencyKey) -> Answer | None:
    if row.http_status is None:
        return None
    return Answer(row.http_status, json.loads(row.answer), replayed=True)


class _Forgetting:
    """Forgets at the first key, and at every 500th."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counted = 0

    def count(self) -> None:
        with self._lock:
            due = self._counted % _FORGET_EVERY == 0
            self._counted += 1
        if due and (forgotten := forget_old()):
            log.info("idempotency keys forgotten", extra={"count": forgotten})


_FORGETTING = _Forgetting()
