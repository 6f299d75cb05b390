from django.db import migrations

from manual import starter


def add_missing_chapters(apps, schema_editor):
    """Those that came after an installation had begun; what it has written stays as it is."""
    starter.add_missing(apps.get_model("manual", "Section").objects, apps.get_model("manual", "SectionVersion").objects)


class Migration(migrations.Migration):
    dependencies = [("manual", "0001_squashed_0004_share_form_key")]

    operations = [migrations.RunPython(add_missing_chapters, migrations.RunPython.noop)]
