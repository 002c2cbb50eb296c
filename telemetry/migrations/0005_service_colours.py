from typing import Any

from django.db import migrations, models

from telemetry.store.colours import MOST_SERVICES, ORDER, OWN


def _colour_services(apps: Any, schema_editor: Any) -> None:
    """Give colours to the services that were stored before."""
    alias = schema_editor.connection.alias
    colour_row = apps.get_model("telemetry", "ServiceColour")
    stored = apps.get_model("telemetry", "TraceService").objects.using(alias)
    names = stored.order_by("service").values_list("service", flat=True).distinct()
    rows = [
        colour_row(service=name, colour=OWN.get(name, ORDER[place % len(ORDER)]))
        for place, name in enumerate(names[:MOST_SERVICES])
    ]
    colour_row.objects.using(alias).bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("telemetry", "0004_links"),
    ]

    operations = [
        migrations.CreateModel(
            name="ServiceColour",
            fields=[
                ("service", models.TextField(primary_key=True, serialize=False)),
                ("colour", models.SmallIntegerField()),
            ],
            options={
                "db_table": "telemetry_service_colour",
            },
        ),
        migrations.RunPython(_colour_services, migrations.RunPython.noop),
    ]
