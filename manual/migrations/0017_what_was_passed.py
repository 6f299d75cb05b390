from django.db import migrations, models

from kpiproject import roles


def grant(apps, schema_editor):
    # Of whom was reminded when, the administration tells.
    roles.grant(apps, "manual", {roles.MANAGERS: {"view_readingreminder"}})


class Migration(migrations.Migration):
    dependencies = [
        ("manual", "0016_feedback_and_pdfs_outside"),
        ("kpiproject", "0001_squashed_0009_calendar_roles"),
    ]

    operations = [
        migrations.AddField(
            model_name="acknowledgement",
            name="passed",
            field=models.JSONField(blank=True, default=list, verbose_name="answers of the check"),
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
