import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from kpiproject import roles


def grant(apps, schema_editor):
    # What happened to a milestone is never written by hand; ticking one off changes it, staff those of their own goals.
    managers = {"view_milestone", "change_milestone", "view_milestonechange"}
    staff = {"view_milestone", "change_milestone"}
    roles.grant(apps, "goals", {roles.MANAGERS: managers, roles.STAFF: staff})


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0016_alarms_outside_roles"),
        ("kpiproject", "0010_webhooks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="goal",
            name="milestones_at",
            field=models.DateTimeField(editable=False, help_text="When they were last changed.", null=True),
        ),
        migrations.AlterField(
            model_name="goal",
            name="kpi",
            field=models.CharField(
                blank=True, help_text="Empty: its milestones say where it is.", max_length=50, verbose_name="KPI"
            ),
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("name", models.CharField(max_length=120, verbose_name="milestone")),
                ("due", models.DateField(help_text="Of a draft it may be missing.", null=True, verbose_name="due on")),
                ("done_on", models.DateField(null=True, verbose_name="done on")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "goal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="milestones", to="goals.goal"
                    ),
                ),
            ],
            options={
                "verbose_name": "milestone",
                "verbose_name_plural": "milestones",
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="MilestoneChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("done", "done"),
                            ("undone", "not done after all"),
                            ("added", "added"),
                            ("removed", "taken out"),
                            ("renamed", "renamed"),
                            ("moved", "moved"),
                        ],
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("was", models.CharField(blank=True, max_length=120)),
                ("before", models.DateField(null=True)),
                ("after", models.DateField(null=True)),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "goal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="milestone_changes", to="goals.goal"
                    ),
                ),
                (
                    "milestone",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="changes",
                        to="goals.milestone",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a milestone",
                "verbose_name_plural": "changes of milestones",
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("done_on__isnull", False), models.Q(("done_by__isnull", True), ("note", "")), _connector="OR"
                ),
                name="milestone_done_by_somebody",
            ),
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
