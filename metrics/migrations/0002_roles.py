from django.db import migrations

from kpiproject import roles

_FACTS = {"view_customer", "view_ticket", "view_ticketevent"}
_IMPORTS = {"view_importrun", "add_importrun", "view_rejectedrow"}


def grant(apps, schema_editor):
    managers = {"view_rollup"} | _FACTS | _IMPORTS | roles.everything("servicetarget")
    roles.grant(apps, "metrics", {roles.STAFF: {"view_rollup"}, roles.MANAGERS: managers})


class Migration(migrations.Migration):
    dependencies = [
        ("metrics", "0001_initial"),
        ("kpiproject", "0002_roles"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
