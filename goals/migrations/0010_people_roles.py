from django.db import migrations

from kpiproject import roles


def grant(apps, schema_editor):
    managers = {
        "view_rebase",
        "view_prediction",
        # Who says thank you, and for what, is theirs: nobody rewrites it.
        "view_thanks",
        "add_thanks",
        "view_praise",
        "change_praise",
        "view_supporthint",
        "change_supporthint",
    }
    staff = {"view_thanks", "add_thanks"}
    roles.grant(apps, "goals", {roles.STAFF: staff, roles.MANAGERS: managers})


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0009_people"),
        ("kpiproject", "0001_squashed_0009_calendar_roles"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
