"""The tables of traces and logs. Rows are narrow: what is listed has columns, the rest is JSON.

``seq`` counts up over spans and logs together, in the order in which they were stored: it is the
cursor of the live feed. The writer gives it. Its type makes it SQLite's own key of a row, so that
the index over traces and spans alone gives the rows of a trace. Nothing refers to anything
else by a foreign key, since spans and logs arrive in any order.
"""

from __future__ import annotations

from django.db import models


class Interned(models.Model):
    """A resource or a scope, kept once: many thousand records name the same few."""

    id = models.BigIntegerField(primary_key=True)
    data = models.TextField()

    class Meta:
        db_table = "telemetry_interned"

    def __str__(self) -> str:
        """Return what is kept."""
        return self.data


class SpanRow(models.Model):
    """One span.

    ``revision`` is 1 when its start was stored first and what became of it later, and 2 when it
    was thought abandoned in between.
    """

    seq = models.BigAutoField(primary_key=True)
    trace_id = models.CharField(max_length=32)
    span_id = models.CharField(max_length=16)
    parent_span_id = models.CharField(max_length=16)
    name = models.TextField()
    kind = models.CharField(max_length=12)
    service = models.TextField()
    instance = models.TextField()
    start_ns = models.BigIntegerField()
    end_ns = models.BigIntegerField()
    status = models.CharField(max_length=5)
    state = models.CharField(max_length=9)
    revision = models.SmallIntegerField()
    request_id = models.TextField()
    order_id = models.TextField()
    error_kind = models.TextField()
    resource_id = models.BigIntegerField()
    scope_id = models.BigIntegerField()
    data = models.TextField()

    class Meta:
        db_table = "telemetry_span"
        # Client and server share one id in some meshes: two services' spans are two spans.
        constraints = [
            models.UniqueConstraint(
                fields=["trace_id", "span_id", "service", "kind"], name="one_span"
            )
        ]
        indexes = [
            models.Index(fields=["instance"], name="open_spans", condition=models.Q(state="open")),
        ]

    def __str__(self) -> str:
        """Name the span."""
        return f"{self.trace_id}/{self.span_id} {self.name}"


class LinkRow(models.Model):
    """A link from one span to another, of this trace or of another: so that it is found from both.

    All else of it stands with the span that has it.
    """

    to_trace_id = models.CharField(max_length=32)
    to_span_id = models.CharField(max_length=16)
    trace_id = models.CharField(max_length=32)
    span_id = models.CharField(max_length=16)
    service = models.TextField()
    kind = models.CharField(max_length=12)

    class Meta:
        db_table = "telemetry_link"
        constraints = [
            models.UniqueConstraint(
                fields=["trace_id", "span_id", "service", "kind", "to_trace_id", "to_span_id"],
                name="one_link",
            )
        ]
        indexes = [models.Index(fields=["to_trace_id", "to_span_id"], name="links_to_span")]

    def __str__(self) -> str:
        """Name both ends."""
        return f"{self.trace_id}/{self.span_id} to {self.to_trace_id}/{self.to_span_id}"


class LogRow(models.Model):
    """One log record. ``digest`` keeps a batch that was sent twice from being stored twice."""

    seq = models.BigAutoField(primary_key=True)
    digest = models.CharField(max_length=32, unique=True)
    time_ns = models.BigIntegerField()
    service = models.TextField()
    instance = models.TextField()
    level = models.CharField(max_length=8)
    severity_number = models.SmallIntegerField()
    msg = models.TextField()
    trace_id = models.CharField(max_length=32)
    span_id = models.CharField(max_length=16)
    request_id = models.TextField()
    order_id = models.TextField()
    error_kind = models.TextField()
    resource_id = models.BigIntegerField()
    scope_id = models.BigIntegerField()
    data = models.TextField()
    imported = models.BooleanField(default=False)

    class Meta:
        db_table = "telemetry_log"
        indexes = [
            models.Index(fields=["trace_id"], name="logs_of_trace"),
            models.Index(fields=["request_id"], name="logs_of_request"),
            models.Index(fields=["order_id"], name="logs_of_order"),
        ]

    def __str__(self) -> str:
        """Return the message."""
        return self.msg


class Arrival(models.Model):
    """When records arrived: all up to ``seq`` were stored by ``at_ns``, in Unix nanoseconds.

    Retention goes by arrival, not by the times that records name: those may lie years back.
    """

    seq = models.BigIntegerField(primary_key=True)
    at_ns = models.BigIntegerField()

    class Meta:
        db_table = "telemetry_arrival"

    def __str__(self) -> str:
        """Name the place and the time."""
        return f"{self.seq} by {self.at_ns}"


class TraceRow(models.Model):
    """What the list of traces shows of one, kept up with each batch that is stored.

    What a person has ``imported`` does not grow too old.
    """

    trace_id = models.CharField(max_length=32, primary_key=True)
    name = models.TextField()
    has_root = models.BooleanField()
    request_id = models.TextField()
    order_id = models.TextField()
    start_ns = models.BigIntegerField()
    end_ns = models.BigIntegerField()
    span_count = models.IntegerField()
    error_count = models.IntegerField()
    open_count = models.IntegerField()
    order_status = models.CharField(max_length=9)
    last_seq = models.BigIntegerField()
    imported = models.BooleanField(default=False)

    class Meta:
        db_table = "telemetry_trace"
        indexes = [
            models.Index(fields=["-start_ns", "-trace_id"], name="traces_newest"),
            models.Index(fields=["request_id"], name="traces_of_request"),
            models.Index(fields=["order_id"], name="traces_of_order"),
            models.Index(fields=["last_seq"], name="traces_by_seq"),
        ]

    def __str__(self) -> str:
        """Name the trace."""
        return f"{self.trace_id} {self.name}"


class ServiceColour(models.Model):
    """Which of the page's colours a service has; it keeps it, whatever of its records stays."""

    service = models.TextField(primary_key=True)
    colour = models.SmallIntegerField()

    class Meta:
        db_table = "telemetry_service_colour"

    def __str__(self) -> str:
        """Name the service and its colour."""
        return f"{self.service}: {self.colour}"


class TraceService(models.Model):
    """How many spans and errors of a trace each service has; errors by kind where one is named."""

    trace_id = models.CharField(max_length=32)
    service = models.TextField()
    error_kind = models.TextField()
    span_count = models.IntegerField()
    error_count = models.IntegerField()

    class Meta:
        db_table = "telemetry_trace_service"
        constraints = [
            models.UniqueConstraint(
                fields=["trace_id", "service", "error_kind"], name="one_service_of_trace"
            )
        ]
        indexes = [
            models.Index(fields=["service"], name="traces_of_service"),
            models.Index(
                fields=["error_kind"],
                name="traces_of_error_kind",
                condition=~models.Q(error_kind=""),
            ),
        ]

    def __str__(self) -> str:
        """Name the service and its count."""
        return f"{self.trace_id} {self.service}: {self.span_count}"
