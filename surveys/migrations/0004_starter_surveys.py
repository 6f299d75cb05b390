from django.db import migrations
from django.utils import timezone

from surveys.scales import KINDS

OPEN = {"csat", "nps", "ces"}


def create(apps, schema_editor):
    surveys = apps.get_model("surveys", "Survey").objects
    for kind in KINDS.values():
        is_open = kind.code in OPEN
        surveys.get_or_create(
            slug=kind.slug,
            defaults={
                "name": str(kind.name),
                "kind": kind.code,
                "question": str(kind.question),
                "low_label": str(kind.low_label),
                "high_label": str(kind.high_label),
                "scale_min": kind.low,
                "scale_max": kind.high,
                "status": "open" if is_open else "draft",
                "opened_at": timezone.now() if is_open else None,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("surveys", "0003_wording_and_form_key")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
