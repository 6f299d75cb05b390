from django.db import migrations

from manual import starter


def add_starter_sections(apps, schema_editor):
    starter.add_missing(apps.get_model("manual", "Section").objects, apps.get_model("manual", "SectionVersion").objects)


class Migration(migrations.Migration):
    dependencies = [("manual", "0002_roles")]

    operations = [migrations.RunPython(add_starter_sections, migrations.RunPython.noop)]
