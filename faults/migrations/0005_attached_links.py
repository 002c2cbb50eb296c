from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("faults", "0004_pastfault_parameters"),
    ]

    operations = [
        migrations.CreateModel(
            name="LinkEnds",
            fields=[
                ("name", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("sender", models.CharField(max_length=100)),
                ("receiver", models.CharField(max_length=100)),
                ("protocol", models.CharField(max_length=4)),
            ],
        ),
        migrations.AddField(
            model_name="pastfault",
            name="boundary",
            field=models.TextField(default=""),
        ),
        migrations.AlterField(
            model_name="faultrecord",
            name="target",
            field=models.CharField(max_length=100),
        ),
        migrations.AlterField(
            model_name="pastfault",
            name="target",
            field=models.CharField(max_length=100),
        ),
    ]
