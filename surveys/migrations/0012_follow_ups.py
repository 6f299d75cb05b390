from typing import Any

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models

from kpiproject.roles import MANAGERS, STAFF, everything, grant


def _give_to_roles(apps: Apps, _editor: Any) -> None:
    """Staff take care of those that are theirs; whoever decides who gets which sees all of them."""
    managers = everything("followup", "followuproute") | {"view_followuprules", "change_followuprules"}
    grant(apps, "surveys", {MANAGERS: managers, STAFF: {"view_followup", "change_followup"}})


class Migration(migrations.Migration):
    dependencies = [
        ("kpiproject", "0005_mail_files"),
        ("surveys", "0011_sending"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "new"),
                            ("taken", "taken"),
                            ("contacted", "contacted"),
                            ("resolved", "resolved"),
                            ("no_answer", "no answer"),
                        ],
                        default="new",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("customer", models.CharField(blank=True, max_length=200, verbose_name="customer")),
                ("ticket", models.CharField(blank=True, max_length=200, verbose_name="ticket")),
                ("ticket_source", models.CharField(blank=True, max_length=50)),
                ("agent", models.CharField(blank=True, max_length=200, verbose_name="agent")),
                ("team", models.CharField(blank=True, max_length=200, verbose_name="team")),
                ("channel", models.CharField(blank=True, max_length=100, verbose_name="channel")),
                ("category", models.CharField(blank=True, max_length=200, verbose_name="category")),
                (
                    "is_reachable",
                    models.BooleanField(
                        default=True,
                        help_text="By an address, a customer's name or a ticket.",
                        verbose_name="there is somebody to write to",
                    ),
                ),
                (
                    "opened_at",
                    models.DateTimeField(help_text="When the unhappy answer was given.", verbose_name="opened"),
                ),
                (
                    "due_at",
                    models.DateTimeField(help_text="Until when the customer is to be contacted.", verbose_name="due"),
                ),
                (
                    "due_clock",
                    models.CharField(
                        choices=[("business", "opening hours"), ("calendar", "calendar time")],
                        default="business",
                        max_length=10,
                    ),
                ),
                ("one_day_at", models.DateTimeField()),
                (
                    "escalate_at",
                    models.DateTimeField(help_text="From when on managers are told if nobody has taken it."),
                ),
                ("escalated_at", models.DateTimeField(blank=True, null=True)),
                ("taken_at", models.DateTimeField(blank=True, null=True, verbose_name="taken")),
                ("contacted_at", models.DateTimeField(blank=True, null=True, verbose_name="first contacted")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="follow_ups",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="follow_ups",
                        to="surveys.contact",
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="follow_ups", to="surveys.survey"
                    ),
                ),
            ],
            options={
                "verbose_name": "follow-up",
                "verbose_name_plural": "follow-ups",
                "ordering": ["due_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="FollowUpAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_recovery", models.BooleanField(default=False, verbose_name="answers whether it was settled")),
                ("standing", models.SmallIntegerField(null=True)),
                ("seen_at", models.DateTimeField()),
                (
                    "answer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="follow_up_link", to="surveys.answer"
                    ),
                ),
                (
                    "follow_up",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="surveys.followup"
                    ),
                ),
            ],
            options={
                "verbose_name": "answer of a follow-up",
                "verbose_name_plural": "answers of follow-ups",
                "ordering": ["seen_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="FollowUpNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opened", "opened"),
                            ("joined", "another unhappy answer"),
                            ("changed", "the customer changed the answer"),
                            ("taken", "taken"),
                            ("handed", "handed over"),
                            ("contacted", "contacted"),
                            ("resolved", "resolved"),
                            ("no_answer", "no answer"),
                            ("reopened", "opened again"),
                            ("escalated", "told to the managers"),
                            ("asked", "asked whether it was settled"),
                            ("not_asked", "not asked whether it was settled"),
                            ("answered", "said whether it was settled"),
                            ("note", "note"),
                        ],
                        default="note",
                        max_length=10,
                        verbose_name="what",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="text")),
                (
                    "is_to_tell",
                    models.BooleanField(default=False, help_text="Somebody is still to be told of it by mail."),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "follow_up",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="surveys.followup"
                    ),
                ),
            ],
            options={
                "verbose_name": "note on a follow-up",
                "verbose_name_plural": "notes on follow-ups",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="FollowUpRoute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="The lowest is tried first.", verbose_name="position"
                    ),
                ),
                ("team", models.CharField(blank=True, max_length=200, verbose_name="team")),
                ("channel", models.CharField(blank=True, max_length=100, verbose_name="channel")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who takes care",
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="surveys.survey",
                    ),
                ),
            ],
            options={
                "verbose_name": "route of follow-ups",
                "verbose_name_plural": "routes of follow-ups",
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="FollowUpRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "due_hours",
                    models.PositiveSmallIntegerField(
                        default=8,
                        help_text="Hours in which you are open; 8 are one working day. Without opening hours, 8 count as 24 hours.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(80),
                        ],
                        verbose_name="a customer is contacted within (working hours)",
                    ),
                ),
                (
                    "escalate_hours",
                    models.PositiveSmallIntegerField(
                        default=4,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(80),
                        ],
                        verbose_name="managers are told if nobody takes it within (working hours)",
                    ),
                ),
                (
                    "join_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        validators=[django.core.validators.MaxValueValidator(90)],
                        verbose_name="unhappy answers of one customer are one follow-up within (days)",
                    ),
                ),
                (
                    "most_mails",
                    models.PositiveSmallIntegerField(
                        default=5,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="mails to one person an hour, then all the rest in one",
                    ),
                ),
                (
                    "recovery_after_hours",
                    models.PositiveSmallIntegerField(
                        default=24,
                        validators=[django.core.validators.MaxValueValidator(720)],
                        verbose_name="the customer is asked after (hours)",
                    ),
                ),
                (
                    "recovery_survey",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: the open survey about a settled complaint, if there is one.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="surveys.survey",
                        verbose_name="survey that asks whether it was settled",
                    ),
                ),
            ],
            options={
                "verbose_name": "rules of follow-ups",
                "verbose_name_plural": "rules of follow-ups",
            },
        ),
        migrations.CreateModel(
            name="FollowUpTelling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "mail",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="kpiproject.mail"
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tellings", to="surveys.followupnote"
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "person told of a follow-up",
                "verbose_name_plural": "people told of follow-ups",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Recovery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ask_at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=30, verbose_name="why nobody was asked")),
                (
                    "answer",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="recovery",
                        to="surveys.answer",
                    ),
                ),
                (
                    "follow_up",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="recoveries", to="surveys.followup"
                    ),
                ),
                (
                    "invitation",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="recovery",
                        to="surveys.invitation",
                    ),
                ),
            ],
            options={
                "verbose_name": "question after a follow-up",
                "verbose_name_plural": "questions after follow-ups",
                "ordering": ["id"],
            },
        ),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(fields=["state", "due_at"], name="follow_up_inbox"),
        ),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(fields=["assignee", "state"], name="follow_up_mine"),
        ),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(fields=["contact", "-opened_at"], name="follow_up_customer"),
        ),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(fields=["one_day_at"], name="follow_up_counted"),
        ),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(
                condition=models.Q(("escalated_at__isnull", True), ("state", "new")),
                fields=["escalate_at"],
                name="follow_up_unclaimed",
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "new"), ("taken_at__isnull", False), _connector="OR"),
                name="follow_up_taken_before_it_goes_on",
            ),
        ),
        migrations.AddIndex(
            model_name="followupnote",
            index=models.Index(condition=models.Q(("is_to_tell", True)), fields=["id"], name="follow_up_note_to_tell"),
        ),
        migrations.AddConstraint(
            model_name="followuprules",
            constraint=models.CheckConstraint(condition=models.Q(("id", 1)), name="follow_up_rules_single"),
        ),
        migrations.AddIndex(
            model_name="followuptelling",
            index=models.Index(fields=["recipient", "-at"], name="follow_up_told_lately"),
        ),
        migrations.AddConstraint(
            model_name="followuptelling",
            constraint=models.UniqueConstraint(fields=("note", "recipient"), name="follow_up_told_once"),
        ),
        migrations.AddIndex(
            model_name="recovery",
            index=models.Index(
                condition=models.Q(("invitation__isnull", True), ("reason", "")),
                fields=["ask_at"],
                name="recovery_to_ask",
            ),
        ),
        migrations.AddIndex(
            model_name="recovery",
            index=models.Index(
                condition=models.Q(("answer__isnull", True), ("invitation__isnull", False)),
                fields=["invitation"],
                name="recovery_to_hear",
            ),
        ),
        migrations.RunPython(_give_to_roles, migrations.RunPython.noop),
    ]
