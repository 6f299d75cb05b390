from django.db import migrations

from kpiproject import roles


def grant(apps, schema_editor):
    # A picture stays as it is, and whoever follows from outside says so themselves.
    managers = {"view_picture", "add_picture", "view_follower"}
    roles.grant(apps, "manual", {roles.MANAGERS: managers})


class Migration(migrations.Migration):
    dependencies = [
        ("manual", "0012_sharing_pictures_and_writing"),
        ("kpiproject", "0001_squashed_0009_calendar_roles"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
