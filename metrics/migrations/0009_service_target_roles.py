from django.db import migrations

from kpiproject import roles


def grant(apps, schema_editor):
    managers = {"view_earliertarget", "view_earliertier", "delete_earliertier"}
    roles.grant(apps, "metrics", {roles.MANAGERS: managers})


class Migration(migrations.Migration):
    dependencies = [
        ("metrics", "0008_service_targets"),
        ("kpiproject", "0009_calendar_roles"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
