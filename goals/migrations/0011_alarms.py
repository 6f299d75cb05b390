import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import kpiproject.validators
from kpiproject import roles


def grant(apps, schema_editor):
    managers = roles.everything("alertrule", "escalationchain", "escalationstep")
    # What happened is never written by hand; answering an alarm changes it.
    managers |= {"view_alarm", "change_alarm", "view_alarmevent", "view_alarmnotice"}
    roles.grant(apps, "goals", {roles.MANAGERS: managers})


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0010_people_roles"),
        ("kpiproject", "0010_webhooks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Alarm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=300)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("threshold", "a figure passes a limit"),
                            ("signal", "a figure leaves its normal range"),
                            ("goal", "a goal is in danger"),
                            ("budget", "too many bad ones among the last answers"),
                            ("no_data", "nothing is measured any more"),
                            ("import", "an import failed or did not come"),
                            ("answer", "a single bad answer"),
                        ],
                        max_length=12,
                    ),
                ),
                ("severity", models.CharField(choices=[("serious", "serious"), ("warning", "warning")], max_length=10)),
                ("kpi", models.CharField(blank=True, max_length=50)),
                ("dimension", models.CharField(blank=True, max_length=30)),
                ("member", models.CharField(blank=True, max_length=200)),
                ("clock", models.CharField(blank=True, max_length=10)),
                ("grain", models.CharField(blank=True, max_length=10)),
                ("side", models.CharField(blank=True, max_length=10)),
                ("limit", models.FloatField(null=True)),
                ("opened_at", models.DateTimeField(verbose_name="since")),
                ("value", models.FloatField(null=True)),
                ("low", models.FloatField(null=True)),
                ("high", models.FloatField(null=True)),
                ("n", models.PositiveIntegerField(default=0)),
                ("period_start", models.DateField(null=True)),
                ("period_end", models.DateField(null=True)),
                ("worst", models.FloatField(null=True)),
                ("facts", models.JSONField(default=dict, help_text="What else was seen, for the words of its kind.")),
                ("feeds", models.JSONField(default=list)),
                ("told_at", models.DateTimeField(null=True)),
                ("chain", models.JSONField(default=dict)),
                ("level", models.PositiveSmallIntegerField(default=0)),
                ("next_step_at", models.DateTimeField(null=True)),
                ("acknowledged_until", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("recovered", "recovered"),
                            ("gone", "what was watched is gone"),
                            ("changed", "the rule was changed"),
                            ("off", "the rule was switched off"),
                        ],
                        max_length=10,
                    ),
                ),
                ("recovery_told_at", models.DateTimeField(null=True)),
                (
                    "acknowledged_by",
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
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="alarms", to="goals.goal"
                    ),
                ),
            ],
            options={
                "verbose_name": "alarm",
                "verbose_name_plural": "alarms",
                "ordering": ["-opened_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="AlarmEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opened", "alarm"),
                            ("told", "people were told"),
                            ("reminded", "people were reminded"),
                            ("escalated", "the next ones were told"),
                            ("acknowledged", "acknowledged"),
                            ("snoozed", "snoozed"),
                            ("woken", "no longer snoozed"),
                            ("ended", "over"),
                            ("recovery", "people were told that it is over"),
                        ],
                        max_length=12,
                    ),
                ),
                ("until", models.DateTimeField(null=True)),
                ("text", models.CharField(blank=True, max_length=500)),
                ("value", models.FloatField(null=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "alarm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="goals.alarm"
                    ),
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
            ],
            options={
                "verbose_name": "event of an alarm",
                "verbose_name_plural": "events of alarms",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="AlertRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(help_text="The first words of its mails.", max_length=150, verbose_name="name"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("threshold", "a figure passes a limit"),
                            ("signal", "a figure leaves its normal range"),
                            ("goal", "a goal is in danger"),
                            ("budget", "too many bad ones among the last answers"),
                            ("no_data", "nothing is measured any more"),
                            ("import", "an import failed or did not come"),
                            ("answer", "a single bad answer"),
                        ],
                        max_length=12,
                        verbose_name="alarm when",
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[("serious", "serious"), ("warning", "warning")],
                        default="warning",
                        max_length=10,
                        verbose_name="severity",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("kpi", models.CharField(blank=True, max_length=50, verbose_name="KPI")),
                ("dimension", models.CharField(blank=True, max_length=30, verbose_name="only for one")),
                ("member", models.CharField(blank=True, max_length=200, verbose_name="which")),
                (
                    "grain",
                    models.CharField(
                        choices=[("day", "day"), ("week", "week"), ("month", "month")],
                        default="week",
                        max_length=10,
                        verbose_name="judged by",
                    ),
                ),
                ("clock", models.CharField(blank=True, editable=False, max_length=10)),
                (
                    "danger",
                    models.CharField(
                        choices=[("at_risk", "at risk or off track"), ("off_track", "off track")],
                        default="off_track",
                        max_length=10,
                        verbose_name="when it is",
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=50, verbose_name="imports from")),
                (
                    "hours",
                    models.PositiveIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(8784),
                        ],
                        verbose_name="or none for so many hours",
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        blank=True,
                        choices=[("below", "below"), ("above", "above")],
                        max_length=10,
                        verbose_name="alarm",
                    ),
                ),
                ("fire_level", models.FloatField(blank=True, null=True, verbose_name="limit")),
                ("clear_level", models.FloatField(blank=True, null=True, verbose_name="over again at")),
                (
                    "breaches",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(12),
                        ],
                        verbose_name="periods past the limit",
                    ),
                ),
                (
                    "of",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(12),
                        ],
                        verbose_name="of the last",
                    ),
                ),
                (
                    "clears",
                    models.PositiveSmallIntegerField(
                        default=2,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(12),
                        ],
                        verbose_name="over after so many good periods",
                    ),
                ),
                (
                    "advice",
                    models.TextField(
                        blank=True,
                        help_text="Stands in every mail about it. First steps help most.",
                        max_length=2000,
                        verbose_name="what to do",
                    ),
                ),
                ("quiet_windows", models.JSONField(blank=True, default=list, verbose_name="quiet hours")),
                ("has_quiet_weekend", models.BooleanField(default=False, verbose_name="quiet at weekends")),
                (
                    "time_zone",
                    models.CharField(
                        blank=True,
                        help_text="For example Europe/Berlin. Empty means the organisation's.",
                        max_length=64,
                        validators=[kpiproject.validators.validate_time_zone],
                        verbose_name="time zone of the quiet hours",
                    ),
                ),
                (
                    "renotify_hours",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="As long as nobody acknowledges it. Empty means never.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(2160),
                        ],
                        verbose_name="remind after so many hours",
                    ),
                ),
                ("memory", models.JSONField(default=dict, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("quiet", "quiet"),
                            ("pending", "pending"),
                            ("firing", "firing"),
                            ("acknowledged", "acknowledged"),
                            ("recovering", "recovering"),
                            ("snoozed", "snoozed"),
                            ("errored", "cannot be checked"),
                            ("broken", "no longer checked"),
                        ],
                        default="quiet",
                        editable=False,
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("problem", models.CharField(blank=True, editable=False, max_length=300)),
                ("snoozed_until", models.DateTimeField(editable=False, null=True)),
                ("value", models.FloatField(editable=False, help_text="When it was last checked.", null=True)),
                ("value_n", models.PositiveIntegerField(default=0, editable=False)),
                ("value_start", models.DateField(editable=False, null=True)),
                ("value_end", models.DateField(editable=False, null=True)),
                (
                    "has_news",
                    models.BooleanField(default=False, editable=False, help_text="Somebody may have to be told."),
                ),
                ("checked_at", models.DateTimeField(editable=False, null=True)),
                ("next_check_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
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
                (
                    "goal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="alert_rules",
                        to="goals.goal",
                        verbose_name="goal",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        help_text="Is told first. Who can no longer log in is replaced by all managers.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alert_rules",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "webhooks",
                    models.ManyToManyField(
                        blank=True, related_name="alert_rules", to="kpiproject.webhooktarget", verbose_name="also told"
                    ),
                ),
            ],
            options={
                "verbose_name": "alert rule",
                "verbose_name_plural": "alert rules",
                "ordering": ["name", "id"],
            },
        ),
        migrations.AddField(
            model_name="alarm",
            name="rule",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="alarms", to="goals.alertrule"
            ),
        ),
        migrations.CreateModel(
            name="EscalationChain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="name")),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        help_text="In which waiting is counted, where a step says so. Empty means the default calendar.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="kpiproject.businesscalendar",
                        verbose_name="opening hours",
                    ),
                ),
            ],
            options={
                "verbose_name": "escalation chain",
                "verbose_name_plural": "escalation chains",
                "ordering": ["name"],
            },
        ),
        migrations.AddField(
            model_name="alertrule",
            name="chain",
            field=models.ForeignKey(
                blank=True,
                help_text="Who is told next if nobody acknowledges the alarm. Empty means the owner alone.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="rules",
                to="goals.escalationchain",
                verbose_name="escalation chain",
            ),
        ),
        migrations.CreateModel(
            name="EscalationStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="order")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "the owner of the rule"),
                            ("managers", "all managers"),
                            ("people", "the people chosen here"),
                        ],
                        default="owner",
                        max_length=10,
                        verbose_name="tells",
                    ),
                ),
                (
                    "wait_minutes",
                    models.PositiveIntegerField(
                        default=60,
                        help_text="Since the step before. The first step is told at once.",
                        validators=[django.core.validators.MaxValueValidator(20160)],
                        verbose_name="after so many minutes",
                    ),
                ),
                (
                    "by_hours",
                    models.BooleanField(
                        default=False,
                        help_text="Minutes count only while the service is open.",
                        verbose_name="opening hours only",
                    ),
                ),
                (
                    "chain",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="goals.escalationchain"
                    ),
                ),
                (
                    "people",
                    models.ManyToManyField(
                        blank=True, related_name="escalation_steps", to=settings.AUTH_USER_MODEL, verbose_name="people"
                    ),
                ),
            ],
            options={
                "verbose_name": "step",
                "verbose_name_plural": "steps",
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="AlarmNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("fire", "alarm"),
                            ("remind", "still there"),
                            ("escalate", "nobody has acknowledged it"),
                            ("recover", "over"),
                            ("error", "cannot be checked"),
                            ("broken", "no longer checked"),
                        ],
                        max_length=10,
                    ),
                ),
                ("level", models.PositiveSmallIntegerField(default=0)),
                ("number", models.PositiveIntegerField(default=0)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "alarm",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="goals.alarm"
                    ),
                ),
                (
                    "mail",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="kpiproject.mail"
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alarm_notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="notices",
                        to="goals.alertrule",
                    ),
                ),
            ],
            options={
                "verbose_name": "notice of an alarm",
                "verbose_name_plural": "notices of alarms",
                "ordering": ["at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("alarm__isnull", False)),
                        fields=("alarm", "level", "recipient", "kind", "number"),
                        name="alarm_notice_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("alarm__isnull", True)),
                        fields=("rule", "recipient", "kind", "number"),
                        name="alarm_trouble_once",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="alarm",
            index=models.Index(fields=["ended_at", "-opened_at"], name="alarm_when"),
        ),
        migrations.AddConstraint(
            model_name="alarm",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)), fields=("rule",), name="alarm_one_open"
            ),
        ),
        migrations.AddIndex(
            model_name="alertrule",
            index=models.Index(
                condition=models.Q(("is_active", True)), fields=["next_check_at"], name="alert_rule_due"
            ),
        ),
        migrations.AddIndex(
            model_name="alertrule",
            index=models.Index(condition=models.Q(("has_news", True)), fields=["id"], name="alert_rule_news"),
        ),
        migrations.AddConstraint(
            model_name="alertrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("breaches__gte", 1), ("breaches__lte", models.F("of"))), name="alert_rule_k_of_n"
            ),
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
