import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import kpiproject.lib.tokens
from kpiproject import roles
from kpiproject.tables import CreateModels

# What happened is never written by hand, and never rewritten.
KEPT = ("checkin", "decision", "actionreminder", "closeout")


def grant(apps, schema_editor):
    managers = roles.everything("action") | {f"view_{name}" for name in KEPT}
    managers |= {"add_checkin", "add_decision", "add_closeout", "change_closeout"}
    staff = {"view_checkin", "add_checkin", "view_decision", "view_action", "view_closeout"}
    roles.grant(apps, "goals", {roles.STAFF: staff, roles.MANAGERS: managers})


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0001_squashed_0006_stakeholder_needs"),
        ("kpiproject", "0001_squashed_0009_calendar_roles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="goal",
            name="checked_in_on",
            field=models.DateField(editable=False, help_text="The day of the last check-in.", null=True),
        ),
        migrations.AddField(
            model_name="goal",
            name="confidence",
            field=models.CharField(
                blank=True, default="", editable=False, help_text="A person's, at that check-in.", max_length=10
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="review",
            name="after",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="next_one",
                to="goals.review",
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="cadence",
            field=models.CharField(
                choices=[
                    ("once", "once"),
                    ("weekly", "every week"),
                    ("two_weekly", "every two weeks"),
                    ("monthly", "every month"),
                    ("quarterly", "every quarter"),
                ],
                default="once",
                max_length=10,
                verbose_name="repeated",
            ),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="moment",
            field=models.CharField(
                choices=[("before", "before"), ("day", "on the day"), ("overdue", "overdue")], max_length=10
            ),
        ),
        CreateModels(
            [
                migrations.CreateModel(
                    name="Action",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("what", models.CharField(max_length=300, verbose_name="what is to be done")),
                        ("due", models.DateField(verbose_name="due on")),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "open"), ("done", "done"), ("dropped", "dropped")],
                                default="open",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="what came of it")),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "ended_by",
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
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="actions",
                                to="goals.goal",
                                verbose_name="for the goal",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="actions",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="who does it",
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="actions",
                                to="goals.review",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "action",
                        "verbose_name_plural": "actions",
                        "ordering": ["due", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="ActionReminder",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("on", models.DateField()),
                        (
                            "moment",
                            models.CharField(choices=[("day", "on the day"), ("overdue", "overdue")], max_length=10),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "action",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="reminders", to="goals.action"
                            ),
                        ),
                        (
                            "mail",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="kpiproject.mail",
                            ),
                        ),
                        (
                            "recipient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "reminder of an action",
                        "verbose_name_plural": "reminders of actions",
                    },
                ),
                migrations.CreateModel(
                    name="CalendarFeed",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "token",
                            models.CharField(default=kpiproject.lib.tokens.new_token, max_length=22, unique=True),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "person",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="calendar_feed",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "calendar feed",
                        "verbose_name_plural": "calendar feeds",
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="CheckIn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "confidence",
                            models.CharField(
                                choices=[("on_track", "on track"), ("at_risk", "at risk"), ("off_track", "off track")],
                                max_length=10,
                                verbose_name="my own view",
                            ),
                        ),
                        ("what_changed", models.TextField(verbose_name="what has changed")),
                        ("next_step", models.TextField(verbose_name="what to try next")),
                        ("difference", models.TextField(blank=True, verbose_name="why I see it differently")),
                        ("target", models.FloatField()),
                        ("value", models.FloatField(help_text="In the last complete period.", null=True)),
                        ("value_low", models.FloatField(null=True)),
                        ("value_high", models.FloatField(null=True)),
                        ("value_n", models.PositiveIntegerField(default=0)),
                        ("value_start", models.DateField(null=True)),
                        ("value_end", models.DateField(null=True)),
                        (
                            "status",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("scheduled", "not started"),
                                    ("gathering", "too little data"),
                                    ("on_track", "on track"),
                                    ("at_risk", "at risk"),
                                    ("off_track", "off track"),
                                    ("achieved", "achieved"),
                                    ("missed", "missed"),
                                ],
                                help_text="As judged then.",
                                max_length=12,
                            ),
                        ),
                        (
                            "probability",
                            models.FloatField(help_text="Of reaching the target, 0 to 1, as computed then.", null=True),
                        ),
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
                                on_delete=django.db.models.deletion.CASCADE, related_name="check_ins", to="goals.goal"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "check-in",
                        "verbose_name_plural": "check-ins",
                        "ordering": ["-at", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="CloseOut",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("achieved", "achieved"),
                                    ("hollow", "hollow win"),
                                    ("missed", "missed"),
                                    ("unknown", "not measured"),
                                    ("cancelled", "cancelled"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "certainty",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("met_clearly", "met clearly"),
                                    ("too_close_to_call", "too close to call"),
                                    ("missed_clearly", "missed clearly"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("is_early", models.BooleanField(default=False)),
                        (
                            "reason",
                            models.TextField(
                                blank=True, help_text="Why it ended before it was due.", verbose_name="reason"
                            ),
                        ),
                        ("target", models.FloatField()),
                        ("value", models.FloatField(help_text="In the final period.", null=True)),
                        ("value_low", models.FloatField(null=True)),
                        ("value_high", models.FloatField(null=True)),
                        ("value_n", models.PositiveIntegerField(default=0)),
                        ("value_start", models.DateField(null=True)),
                        ("value_end", models.DateField(null=True)),
                        (
                            "is_guardrail_breached",
                            models.BooleanField(help_text="Empty where the goal has no guardrail.", null=True),
                        ),
                        (
                            "is_within_normal",
                            models.BooleanField(help_text="Empty where too little was measured before.", null=True),
                        ),
                        ("normal_low", models.FloatField(null=True)),
                        ("normal_high", models.FloatField(null=True)),
                        (
                            "normal_n",
                            models.PositiveSmallIntegerField(
                                default=0, help_text="Periods before the start that it rests on."
                            ),
                        ),
                        (
                            "calibration",
                            models.JSONField(
                                default=dict, help_text="How often person and machine were right; see goals."
                            ),
                        ),
                        ("worked", models.TextField(blank=True, verbose_name="what worked")),
                        ("did_not_work", models.TextField(blank=True, verbose_name="what did not work")),
                        ("next_time", models.TextField(blank=True, verbose_name="what we do next")),
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
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE, related_name="close_out", to="goals.goal"
                            ),
                        ),
                        (
                            "next_goal",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="follows",
                                to="goals.goal",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "close-out",
                        "verbose_name_plural": "close-outs",
                    },
                ),
                migrations.CreateModel(
                    name="Decision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("text", models.TextField(verbose_name="decision")),
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
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="decisions", to="goals.review"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "decision",
                        "verbose_name_plural": "decisions",
                        "ordering": ["at", "id"],
                    },
                ),
            ]
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(condition=models.Q(("state", "open")), fields=["due"], name="action_open"),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "open"), ("ended_at__isnull", False), _connector="OR"),
                name="action_ended_at_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="actionreminder",
            constraint=models.UniqueConstraint(
                fields=("action", "on", "moment", "recipient"), name="action_reminder_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="closeout",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_early", False), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="close_out_early_has_reason",
            ),
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
