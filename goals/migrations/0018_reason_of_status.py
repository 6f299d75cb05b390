from django.db import migrations, models
from django.db.models import Max


def fill_in(apps, schema_editor):
    """Only of the last change of a goal is it known why: the goal still says so."""
    changes = apps.get_model("goals", "StatusChange")
    last = changes.objects.values("goal").annotate(last=Max("pk")).values("last")
    for change in changes.objects.filter(pk__in=list(last.values_list("last", flat=True))).select_related("goal"):
        if change.after == change.goal.status:
            change.reason = change.goal.reason
            change.save(update_fields=["reason"])


class Migration(migrations.Migration):
    dependencies = [("goals", "0017_milestones")]

    operations = [
        migrations.AddField(
            "statuschange",
            "reason",
            models.CharField(blank=True, default="", max_length=40, help_text="Why it became that, as Goal.reason."),
            preserve_default=False,
        ),
        migrations.AddField(
            "checkin",
            "reason",
            models.CharField(blank=True, default="", max_length=40, help_text="Why it was judged so, as Goal.reason."),
            preserve_default=False,
        ),
        migrations.RunPython(fill_in, migrations.RunPython.noop),
    ]
