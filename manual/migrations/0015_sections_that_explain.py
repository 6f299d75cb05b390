from django.db import migrations, models

from manual import starter


def add_sections_that_explain(apps, schema_editor):
    """Those that came after an installation had begun; what it has written stays as it is. New installations have
    had them since their first step, when nothing was known of who reads them."""
    section = apps.get_model("manual", "Section")
    starter.add_missing(section.objects, apps.get_model("manual", "SectionVersion").objects)
    inside = [each.chapter for each in starter.STARTERS if each.is_inside]
    section.objects.filter(chapter__in=inside).update(is_inside=True)


class Migration(migrations.Migration):
    dependencies = [("manual", "0014_passages")]

    operations = [
        migrations.AddField(
            model_name="section",
            name="is_inside",
            field=models.BooleanField(
                default=False,
                help_text="People outside read it only where it is chosen for their link by name.",
                verbose_name="for the house only",
            ),
        ),
        migrations.RunPython(add_sections_that_explain, migrations.RunPython.noop),
    ]
