from django.db import migrations

from kpiproject import roles

_FACTS = {"subscription", "order", "message", "agenttime", "costentry", "servicerecord"}
_KEPT = {"view_importchange", "delete_importrun"}


def grant(apps, schema_editor):
    seen = {f"view_{name}" for name in _FACTS}
    managers = seen | _KEPT | roles.everything("exchangerate", "adoption")
    roles.grant(apps, "metrics", {roles.MANAGERS: managers})


class Migration(migrations.Migration):
    dependencies = [
        ("metrics", "0010_import_journal"),
        ("kpiproject", "0002_roles"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
