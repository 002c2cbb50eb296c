from typing import Any

from django.db import migrations, models

_A_TIME = 1_000


def _find_links(apps: Any, schema_editor: Any) -> None:
    """Note the links of spans that were stored before."""
    from telemetry.store.coding import loads

    alias = schema_editor.connection.alias
    link_row = apps.get_model("telemetry", "LinkRow")
    spans = apps.get_model("telemetry", "SpanRow").objects.using(alias)
    linking = spans.filter(data__contains='"l":[[').only(
        "trace_id", "span_id", "service", "kind", "data"
    )
    waiting: list[Any] = []
    for span in linking.iterator(chunk_size=_A_TIME):
        waiting += [
            link_row(
                to_trace_id=link[0],
                to_span_id=link[1],
                trace_id=span.trace_id,
                span_id=span.span_id,
                service=span.service,
                kind=span.kind,
            )
            for link in loads(span.data).get("l", ())
        ]
        if len(waiting) >= _A_TIME:
            link_row.objects.using(alias).bulk_create(waiting, ignore_conflicts=True)
            waiting.clear()
    link_row.objects.using(alias).bulk_create(waiting, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("telemetry", "0003_arrivals_and_imports"),
    ]

    operations = [
        migrations.CreateModel(
            name="LinkRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("to_trace_id", models.CharField(max_length=32)),
                ("to_span_id", models.CharField(max_length=16)),
                ("trace_id", models.CharField(max_length=32)),
                ("span_id", models.CharField(max_length=16)),
                ("service", models.TextField()),
                ("kind", models.CharField(max_length=12)),
            ],
            options={
                "db_table": "telemetry_link",
                "indexes": [
                    models.Index(fields=["to_trace_id", "to_span_id"], name="links_to_span")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            "trace_id",
                            "span_id",
                            "service",
                            "kind",
                            "to_trace_id",
                            "to_span_id",
                        ),
                        name="one_link",
                    )
                ],
            },
        ),
        migrations.RunPython(_find_links, migrations.RunPython.noop),
    ]
