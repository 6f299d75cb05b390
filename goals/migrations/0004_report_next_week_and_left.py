import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from kpiproject import roles


def grant(apps, schema_editor):
    # Who has left is never written by hand; it is undone on the page of the report.
    roles.grant(apps, "goals", {roles.MANAGERS: {"view_reportleft"}})


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0003_report_waiting_since"),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="next_week",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.CreateModel(
            name="ReportLeft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="left", to="goals.report"
                    ),
                ),
                (
                    "stakeholder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="left", to="goals.stakeholder"
                    ),
                ),
            ],
            options={
                "verbose_name": "unsubscription from a report",
                "verbose_name_plural": "unsubscriptions from reports",
                "ordering": ["at", "id"],
                "constraints": [models.UniqueConstraint(fields=("report", "stakeholder"), name="report_left_once")],
            },
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
