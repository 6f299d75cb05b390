from django.db import migrations

from kpiproject import roles

EVERYTHING = ("translation", "question", "entrance")
TO_READ = {"view_version", "view_click", "view_skip", "view_reply", "view_quiettime"}


def grant(apps, schema_editor):
    managers = roles.everything(*EVERYTHING) | TO_READ | {"change_quiettime"}
    roles.grant(apps, "surveys", {roles.MANAGERS: managers})


class Migration(migrations.Migration):
    dependencies = [("surveys", "0007_first_versions"), ("kpiproject", "0002_roles")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
