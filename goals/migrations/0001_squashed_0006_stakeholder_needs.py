"""All of this app's tables and first rows in one step, for new databases. Databases that have taken some of the steps
this replaces take the rest of those, so they stay; so do their names in the dependencies."""

import datetime

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from kpiproject import roles
from kpiproject.tables import CreateModels

# What happened is never written by hand, and never rewritten.
KEPT = ("targetchange", "statuschange", "reminder", "reportrun", "reportleft", "delivery", "alert")


def grant(apps, schema_editor):
    managers = roles.everything("objective", "goal", "review", "stakeholder", "report", "reportitem")
    managers |= {f"view_{name}" for name in KEPT}
    staff = {"view_objective", "view_goal", "view_review"}
    roles.grant(apps, "goals", {roles.STAFF: staff, roles.MANAGERS: managers})


class Migration(migrations.Migration):
    replaces = [
        ("goals", "0001_initial"),
        ("goals", "0002_roles"),
        ("goals", "0003_report_waiting_since"),
        ("goals", "0004_report_next_week_and_left"),
        ("goals", "0005_alerts_of_follow_ups"),
        ("goals", "0006_stakeholder_needs"),
    ]

    initial = True

    dependencies = [
        ("kpiproject", "0005_mail_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("surveys", "0012_follow_ups"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Alert",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "follow_up",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="alerts",
                                to="surveys.followup",
                            ),
                        ),
                        (
                            "recipient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="alerts",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("limit", models.DateTimeField()),
                        (
                            "mail",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="kpiproject.mail",
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="raised")),
                    ],
                    options={
                        "verbose_name": "alert",
                        "verbose_name_plural": "alerts",
                        "ordering": ["-at", "-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("follow_up", "recipient", "limit"), name="alert_once_per_limit"
                            )
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="Objective",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=150, unique=True, verbose_name="name")),
                        ("description", models.TextField(blank=True, verbose_name="description")),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ],
                    options={
                        "verbose_name": "business objective",
                        "verbose_name_plural": "business objectives",
                        "ordering": ["name"],
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="Goal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "statement",
                            models.CharField(
                                help_text="In one sentence, for example: nine of ten customers are satisfied.",
                                max_length=200,
                                verbose_name="statement",
                            ),
                        ),
                        (
                            "objective",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="goals",
                                to="goals.objective",
                                verbose_name="business objective",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="goals_owned",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "draft"),
                                    ("active", "active"),
                                    ("closed", "closed"),
                                    ("cancelled", "cancelled"),
                                ],
                                default="draft",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("kpi", models.CharField(max_length=50, verbose_name="KPI")),
                        ("dimension", models.CharField(blank=True, max_length=30, verbose_name="only for one")),
                        ("member", models.CharField(blank=True, max_length=200, verbose_name="which")),
                        (
                            "grain",
                            models.CharField(
                                choices=[("week", "week"), ("month", "month")],
                                default="week",
                                max_length=10,
                                verbose_name="judged by",
                            ),
                        ),
                        ("clock", models.CharField(blank=True, editable=False, max_length=10)),
                        (
                            "direction",
                            models.CharField(
                                choices=[("higher", "higher is better"), ("lower", "lower is better")],
                                editable=False,
                                max_length=10,
                            ),
                        ),
                        ("target", models.FloatField(verbose_name="target")),
                        ("start", models.DateField(verbose_name="starts on")),
                        ("due", models.DateField(verbose_name="due on")),
                        ("baseline", models.FloatField(editable=False, null=True, verbose_name="baseline")),
                        ("baseline_low", models.FloatField(editable=False, null=True)),
                        ("baseline_high", models.FloatField(editable=False, null=True)),
                        ("baseline_n", models.PositiveIntegerField(default=0, editable=False)),
                        ("baseline_start", models.DateField(editable=False, null=True)),
                        (
                            "baseline_end",
                            models.DateField(editable=False, help_text="The first day after it.", null=True),
                        ),
                        ("baseline_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "revision",
                            models.PositiveSmallIntegerField(
                                default=1, editable=False, help_text="Of the KPI's definition."
                            ),
                        ),
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
                                editable=False,
                                max_length=12,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                blank=True, editable=False, help_text="A code; see goals.lines.", max_length=40
                            ),
                        ),
                        (
                            "outlook",
                            models.JSONField(
                                default=dict, editable=False, help_text="The numbers behind the judgement."
                            ),
                        ),
                        (
                            "probability",
                            models.FloatField(editable=False, help_text="Of reaching the target, 0 to 1.", null=True),
                        ),
                        (
                            "candidate",
                            models.CharField(
                                blank=True, editable=False, help_text="A status seen once.", max_length=12
                            ),
                        ),
                        (
                            "value",
                            models.FloatField(editable=False, help_text="In the last complete period.", null=True),
                        ),
                        ("value_low", models.FloatField(editable=False, null=True)),
                        ("value_high", models.FloatField(editable=False, null=True)),
                        ("value_n", models.PositiveIntegerField(default=0, editable=False)),
                        ("value_start", models.DateField(editable=False, null=True)),
                        ("value_end", models.DateField(editable=False, null=True)),
                        (
                            "progress",
                            models.FloatField(
                                editable=False, help_text="1 is the target; may be below 0, above 1.", null=True
                            ),
                        ),
                        (
                            "course",
                            models.JSONField(
                                default=list, editable=False, help_text="The complete periods judged, oldest first."
                            ),
                        ),
                        ("evaluated_at", models.DateTimeField(editable=False, null=True)),
                        ("next_evaluation_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "created_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    ],
                    options={
                        "verbose_name": "goal",
                        "verbose_name_plural": "goals",
                        "ordering": ["due", "id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "active")), fields=["next_evaluation_at"], name="goal_due"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("start__lt", models.F("due"))), name="goal_starts_before_due"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("baseline__isnull", True),
                                    models.Q(("target", models.F("baseline")), _negated=True),
                                    _connector="OR",
                                ),
                                name="goal_target_is_not_baseline",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TargetChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "goal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="target_changes",
                                to="goals.goal",
                            ),
                        ),
                        ("before", models.FloatField()),
                        ("after", models.FloatField()),
                        ("reason", models.CharField(max_length=300, verbose_name="reason")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "verbose_name": "change of target",
                        "verbose_name_plural": "changes of target",
                        "ordering": ["-at"],
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="StatusChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "goal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="status_changes",
                                to="goals.goal",
                            ),
                        ),
                        (
                            "before",
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
                                max_length=12,
                            ),
                        ),
                        (
                            "after",
                            models.CharField(
                                choices=[
                                    ("scheduled", "not started"),
                                    ("gathering", "too little data"),
                                    ("on_track", "on track"),
                                    ("at_risk", "at risk"),
                                    ("off_track", "off track"),
                                    ("achieved", "achieved"),
                                    ("missed", "missed"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("period_end", models.DateField(null=True)),
                        ("value", models.FloatField(null=True)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "verbose_name": "change of status",
                        "verbose_name_plural": "changes of status",
                        "ordering": ["-at", "-id"],
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="Stakeholder",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=150, verbose_name="name")),
                        ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail address")),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="who this is")),
                        ("kpis", models.JSONField(blank=True, default=list, verbose_name="needs to know")),
                        (
                            "rhythm",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("week", "every week"),
                                    ("month", "every month"),
                                    ("quarter", "every quarter"),
                                ],
                                max_length=10,
                                verbose_name="how often",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ],
                    options={
                        "verbose_name": "stakeholder",
                        "verbose_name_plural": "stakeholders",
                        "ordering": ["name"],
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="Report",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=150, verbose_name="name")),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reports_owned",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                        (
                            "weekday",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (0, "Monday"),
                                    (1, "Tuesday"),
                                    (2, "Wednesday"),
                                    (3, "Thursday"),
                                    (4, "Friday"),
                                    (5, "Saturday"),
                                    (6, "Sunday"),
                                ],
                                default=0,
                                validators=[django.core.validators.MaxValueValidator(6)],
                                verbose_name="sent on",
                            ),
                        ),
                        (
                            "at",
                            models.TimeField(
                                default=datetime.time(8, 0),
                                help_text="In the organisation's time zone.",
                                verbose_name="at",
                            ),
                        ),
                        ("includes_goals", models.BooleanField(default=True, verbose_name="with the goals")),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        ("next_week", models.DateField(editable=False, null=True)),
                        ("next_due", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="next")),
                        (
                            "waiting_since",
                            models.DateTimeField(
                                editable=False, help_text="For figures that are being computed.", null=True
                            ),
                        ),
                        ("lease_until", models.DateTimeField(blank=True, editable=False, null=True)),
                        ("lease_token", models.CharField(blank=True, editable=False, max_length=32)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "people",
                            models.ManyToManyField(
                                blank=True,
                                related_name="reports",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="to people with an account",
                            ),
                        ),
                        (
                            "stakeholders",
                            models.ManyToManyField(
                                blank=True,
                                related_name="reports",
                                to="goals.stakeholder",
                                verbose_name="to stakeholders",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "report",
                        "verbose_name_plural": "reports",
                        "ordering": ["name"],
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="ReportLeft",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "report",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="left", to="goals.report"
                            ),
                        ),
                        (
                            "stakeholder",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="left", to="goals.stakeholder"
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "verbose_name": "unsubscription from a report",
                        "verbose_name_plural": "unsubscriptions from reports",
                        "ordering": ["at", "id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("report", "stakeholder"), name="report_left_once")
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="ReportItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "report",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="items", to="goals.report"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=100, verbose_name="order")),
                        ("kpi", models.CharField(max_length=50, verbose_name="KPI")),
                        ("dimension", models.CharField(blank=True, max_length=30, verbose_name="only for one")),
                        ("member", models.CharField(blank=True, max_length=200, verbose_name="which")),
                        ("has_chart", models.BooleanField(default=False, verbose_name="with a chart")),
                    ],
                    options={
                        "verbose_name": "figure in the report",
                        "verbose_name_plural": "figures in the report",
                        "ordering": ["position", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("report", "kpi", "dimension", "member"), name="report_item_once"
                            )
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="ReportRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "report",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="goals.report"
                            ),
                        ),
                        ("start", models.DateField(verbose_name="from")),
                        ("end", models.DateField(help_text="The first day after it.", verbose_name="to")),
                        ("content", models.JSONField()),
                        ("problem", models.CharField(blank=True, max_length=400, verbose_name="what went wrong")),
                        ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="written")),
                    ],
                    options={
                        "verbose_name": "sent report",
                        "verbose_name_plural": "sent reports",
                        "ordering": ["-start", "-id"],
                        "constraints": [models.UniqueConstraint(fields=("report", "start"), name="report_run_once")],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="Delivery",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deliveries",
                                to="goals.reportrun",
                            ),
                        ),
                        ("email", models.EmailField(max_length=254)),
                        ("name", models.CharField(blank=True, max_length=150)),
                        (
                            "mail",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="kpiproject.mail",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "delivery",
                        "verbose_name_plural": "deliveries",
                        "ordering": ["email"],
                        "constraints": [models.UniqueConstraint(fields=("run", "email"), name="delivery_once")],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="Review",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("title", models.CharField(max_length=150, verbose_name="title")),
                        ("on", models.DateField(verbose_name="date")),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reviews_led",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="led by",
                            ),
                        ),
                        (
                            "remind_days",
                            models.PositiveSmallIntegerField(
                                default=3,
                                validators=[django.core.validators.MaxValueValidator(60)],
                                verbose_name="reminded so many days before",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("planned", "planned"), ("held", "held"), ("cancelled", "cancelled")],
                                default="planned",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("agenda", models.TextField(blank=True, verbose_name="agenda")),
                        ("minutes", models.TextField(blank=True, verbose_name="minutes")),
                        ("held_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "participants",
                            models.ManyToManyField(
                                blank=True,
                                related_name="reviews",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="also invited",
                            ),
                        ),
                        (
                            "goals",
                            models.ManyToManyField(
                                blank=True,
                                help_text="None means every active goal.",
                                related_name="reviews",
                                to="goals.goal",
                                verbose_name="goals",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "review",
                        "verbose_name_plural": "reviews",
                        "ordering": ["on", "id"],
                        "indexes": [models.Index(fields=["state", "on"], name="review_planned")],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="Reminder",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="reminders", to="goals.review"
                            ),
                        ),
                        ("on", models.DateField()),
                        (
                            "moment",
                            models.CharField(choices=[("before", "before"), ("day", "on the day")], max_length=10),
                        ),
                        (
                            "recipient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "mail",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="kpiproject.mail",
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "verbose_name": "reminder",
                        "verbose_name_plural": "reminders",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("review", "on", "moment", "recipient"), name="reminder_once"
                            )
                        ],
                        "indexes": [],
                    },
                ),
            ],
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
