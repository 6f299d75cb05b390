from django.db import migrations

from kpiproject import roles
from manual import edition_sections


def tell_sections(apps, schema_editor):
    edition_section = apps.get_model("manual", "EditionSection")
    before = None
    for edition in apps.get_model("manual", "Edition").objects.order_by("number").iterator(chunk_size=1):
        if edition.content.get("sections") is None:
            continue
        lines = edition_sections.lines(edition.content, edition.figures, before=before)
        edition_section.objects.bulk_create(edition_section(edition=edition, **line._asdict()) for line in lines)
        before = (edition.content, edition.figures)


def grant(apps, schema_editor):
    managers = {"view_editionsection", "view_sectionreview", "add_sectionreview"}
    roles.grant(apps, "manual", {roles.MANAGERS: managers})


class Migration(migrations.Migration):
    dependencies = [
        ("manual", "0005_sections_in_care_and_in_editions"),
        ("kpiproject", "0001_squashed_0009_calendar_roles"),
    ]

    operations = [
        migrations.RunPython(tell_sections, migrations.RunPython.noop),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
