from django.db import migrations

from kpiproject import roles


def grant(apps, schema_editor):
    # Nobody unsubscribes others; a manager may let somebody get alarms again who asks for it.
    roles.grant(apps, "goals", {roles.MANAGERS: {"view_alarmleft", "delete_alarmleft"}})


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0015_alarms_outside"),
        ("kpiproject", "0001_squashed_0009_calendar_roles"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
