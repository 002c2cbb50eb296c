"""The API's tables."""

from __future__ import annotations

import uuid

from django.db import models

from service.outbox.entry import Entry


class Order(models.Model):
    """An order that the API has acknowledged, and what it believes has become of it."""

    class Status(models.TextChoices):
        """What the API believes. PENDING means that no event has come; CANCELLED, that in the
        mode of consistency none came in time, and the client was answered so.
        """

        PENDING = "PENDING"
        CONFIRMED = "CONFIRMED"
        REJECTED = "REJECTED"
        CANCELLED = "CANCELLED"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sku = models.CharField(max_length=64)
    quantity = models.PositiveIntegerField()
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.PENDING)
    request_id = models.CharField(max_length=128)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    # By which what is done for the order later joins its trace.
    traceparent = models.CharField(max_length=64, default="")
    # A cancelled order for which the worker may hold stock that nobody will ask for.
    release_due = models.BooleanField(default=False)

    undecided = False
    """Whether it is stored, and what became of it could not be found out: not in the database."""

    class Meta:
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="orders_newest"),
            models.Index(fields=["status", "-created_at"], name="orders_by_status"),
            models.Index(
                fields=["created_at"],
                condition=models.Q(release_due=True),
                name="orders_to_release",
            ),
        ]

    def __str__(self) -> str:
        """Say which order it is and what is believed of it."""
        return f"{self.id} {self.status}"


class OutboxEntry(Entry):
    """A job that the worker has not answered yet."""

    order = models.OneToOneField(Order, on_delete=models.CASCADE, primary_key=True)

    def __str__(self) -> str:
        """Say which order's job it is, and how often it was tried."""
        return f"{self.pk} after {self.attempts} attempts"


class IdempotencyKey(models.Model):
    """A client's key for one order, and the answer that it was given; none while it is made."""

    key = models.CharField(primary_key=True, max_length=255)
    fingerprint = models.CharField(max_length=64)
    order = models.OneToOneField(Order, on_delete=models.CASCADE)
    created_at = models.DateTimeField(db_index=True)
    http_status = models.PositiveSmallIntegerField(null=True)
    # As text: a database that reads JSON would give it back in another order.
    answer = models.TextField(default="")

    def __str__(self) -> str:
        """Say which order it stands for."""
        return f"{self.key}: {self.order_id}"
