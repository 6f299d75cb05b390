from django.db import migrations

from kpiproject import roles


def grant(apps, schema_editor):
    managers = roles.everything(
        "objective",
        "goal",
        "targetchange",
        "statuschange",
        "review",
        "reminder",
        "stakeholder",
        "report",
        "reportitem",
        "reportrun",
        "delivery",
        "alert",
    )
    # What happened is never written by hand, and never rewritten.
    kept = ("targetchange", "statuschange", "reminder", "reportrun", "delivery", "alert")
    managers -= roles.everything(*kept) - {f"view_{name}" for name in kept}
    staff = {"view_objective", "view_goal", "view_review"}
    roles.grant(apps, "goals", {roles.STAFF: staff, roles.MANAGERS: managers})


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0001_initial"),
        ("kpiproject", "0002_roles"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
