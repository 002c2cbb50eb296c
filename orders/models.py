"""The API's tables."""

from __future__ import annotations

import uuid

from django.db import models

from outbox.entry import Entry


class Order(models.Model):
    """An order that the API has acknowledged, and what it believes has become of it."""

    class Status(models.TextChoices):
        """What the API believes. PENDING means that it has not heard."""

        PENDING = "PENDING"
        CONFIRMED = "CONFIRMED"
        REJECTED = "REJECTED"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sku = models.CharField(max_length=64)
    quantity = models.PositiveIntegerField()
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.PENDING)
    request_id = models.CharField(max_length=128)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    # By which what is done for the order later joins its trace.
    traceparent = models.CharField(max_length=64, default="")

    class Meta:
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="orders_newest"),
            models.Index(fields=["status", "-created_at"], name="orders_by_status"),
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
