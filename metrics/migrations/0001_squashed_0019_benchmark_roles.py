"""All of this app's tables and first rows in one step, for new databases. Databases that have taken some of the steps
this replaces take the rest of those, so they stay; so do their names in the dependencies."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import metrics.models.imports
from kpiproject import roles
from kpiproject.tables import CreateModels

# What imports bring is not written by hand.
FACTS = (
    "customer",
    "ticket",
    "ticketevent",
    "subscription",
    "order",
    "message",
    "agenttime",
    "costentry",
    "servicerecord",
    "importchange",
    "rejectedrow",
)


def grant(apps, schema_editor):
    managers = roles.everything("servicetarget", "exchangerate", "adoption", "customkpi", "benchmark")
    managers |= {f"view_{name}" for name in FACTS} | {"view_rollup"}
    managers |= {"view_importrun", "add_importrun", "delete_importrun"}
    managers |= {"view_earliertarget", "view_earliertier", "delete_earliertier"}
    managers |= {"view_kpioptions", "change_kpioptions"}
    roles.grant(apps, "metrics", {roles.STAFF: {"view_rollup", "view_benchmark"}, roles.MANAGERS: managers})


class Migration(migrations.Migration):
    replaces = [
        ("metrics", "0001_initial"),
        ("metrics", "0002_roles"),
        ("metrics", "0003_dirty_claims_and_basis"),
        ("metrics", "0004_imports"),
        ("metrics", "0005_survey_responses"),
        ("metrics", "0006_asked_tickets"),
        ("metrics", "0007_facts_and_adoption"),
        ("metrics", "0008_service_targets"),
        ("metrics", "0009_service_target_roles"),
        ("metrics", "0010_import_journal"),
        ("metrics", "0011_roles_of_facts"),
        ("metrics", "0012_ticket_paths"),
        ("metrics", "0013_kpi_options"),
        ("metrics", "0014_kpi_options_roles"),
        ("metrics", "0015_own_kpis"),
        ("metrics", "0016_own_kpi_roles"),
        ("metrics", "0017_packed_rollups"),
        ("metrics", "0018_benchmarks"),
        ("metrics", "0019_benchmark_roles"),
    ]

    initial = True

    dependencies = [
        ("kpiproject", "0009_calendar_roles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("surveys", "0011_sending"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Adoption",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kpi", models.CharField(max_length=50, unique=True, verbose_name="KPI")),
                        ("position", models.PositiveSmallIntegerField(default=100, verbose_name="order")),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="why we measure it")),
                        ("baseline", models.JSONField(blank=True, default=dict, verbose_name="baseline")),
                        ("adopted_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="adopted")),
                    ],
                    options={
                        "verbose_name": "adopted KPI",
                        "verbose_name_plural": "adopted KPIs",
                        "ordering": ["position", "id"],
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="Customer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.CharField(max_length=50, verbose_name="source")),
                        ("external_id", models.CharField(max_length=200, verbose_name="external id")),
                        ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                        (
                            "email",
                            models.CharField(blank=True, db_index=True, max_length=254, verbose_name="e-mail address"),
                        ),
                        ("company", models.CharField(blank=True, max_length=200, verbose_name="company")),
                        ("segment", models.CharField(blank=True, max_length=100, verbose_name="segment")),
                        ("tier", models.CharField(blank=True, max_length=100, verbose_name="tier")),
                        ("country", models.CharField(blank=True, max_length=100, verbose_name="country")),
                        ("language", models.CharField(blank=True, max_length=20, verbose_name="language")),
                        ("time_zone", models.CharField(blank=True, max_length=64, verbose_name="time zone")),
                        ("signed_up_on", models.DateField(blank=True, null=True, verbose_name="signed up")),
                        ("left_on", models.DateField(blank=True, null=True, verbose_name="left")),
                        (
                            "leave_reason",
                            models.CharField(blank=True, max_length=200, verbose_name="reason for leaving"),
                        ),
                        ("is_stub", models.BooleanField(default=False)),
                        ("extra", models.JSONField(blank=True, default=dict, verbose_name="other columns")),
                        ("flags", models.JSONField(blank=True, default=list, verbose_name="oddities")),
                        ("row_hash", models.BinaryField(default=b"", max_length=16)),
                    ],
                    options={
                        "verbose_name": "customer",
                        "verbose_name_plural": "customers",
                        "constraints": [
                            models.UniqueConstraint(fields=("source", "external_id"), name="customer_identity")
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="Ticket",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.CharField(max_length=50, verbose_name="source")),
                        ("external_id", models.CharField(max_length=200, verbose_name="external id")),
                        (
                            "customer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                to="metrics.customer",
                                verbose_name="customer",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                to="kpiproject.team",
                                verbose_name="team",
                            ),
                        ),
                        (
                            "agent",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                to="kpiproject.agent",
                                verbose_name="agent",
                            ),
                        ),
                        ("subject", models.CharField(blank=True, max_length=400, verbose_name="subject")),
                        ("channel", models.CharField(blank=True, max_length=100, verbose_name="channel")),
                        ("category", models.CharField(blank=True, max_length=200, verbose_name="category")),
                        ("type", models.CharField(blank=True, max_length=100, verbose_name="type")),
                        ("priority", models.CharField(blank=True, max_length=100, verbose_name="priority")),
                        ("status", models.CharField(blank=True, max_length=100, verbose_name="status")),
                        ("language", models.CharField(blank=True, max_length=20, verbose_name="language")),
                        ("tags", models.TextField(blank=True, verbose_name="tags")),
                        ("created_at", models.DateTimeField(verbose_name="created")),
                        (
                            "first_assigned_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="first assigned"),
                        ),
                        (
                            "first_agent_reply_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="first reply by an agent"),
                        ),
                        ("first_solved_at", models.DateTimeField(blank=True, null=True, verbose_name="first solved")),
                        ("solved_at", models.DateTimeField(blank=True, null=True, verbose_name="last solved")),
                        ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                        ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                        ("ring_started_at", models.DateTimeField(blank=True, null=True, verbose_name="ring started")),
                        ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="call answered")),
                        ("abandoned_at", models.DateTimeField(blank=True, null=True, verbose_name="call abandoned")),
                        ("reopens", models.PositiveIntegerField(blank=True, null=True, verbose_name="reopens")),
                        (
                            "agent_replies",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="replies by agents"),
                        ),
                        (
                            "customer_replies",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="replies by the customer"),
                        ),
                        (
                            "reassignments",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="reassignments"),
                        ),
                        ("is_outbound", models.BooleanField(default=False, verbose_name="started by us")),
                        ("is_spam", models.BooleanField(default=False, verbose_name="spam")),
                        ("is_deleted", models.BooleanField(default=False, verbose_name="deleted")),
                        ("is_test", models.BooleanField(default=False, verbose_name="test")),
                        ("merged_into", models.CharField(blank=True, max_length=200, verbose_name="merged into")),
                        ("bot_involved", models.BooleanField(default=False, verbose_name="bot involved")),
                        (
                            "handed_to_human_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="handed to a person"),
                        ),
                        (
                            "fcr",
                            models.BooleanField(
                                blank=True, null=True, verbose_name="resolved at first contact, says the source"
                            ),
                        ),
                        (
                            "sla_met",
                            models.BooleanField(blank=True, null=True, verbose_name="target met, says the source"),
                        ),
                        (
                            "satisfaction_score",
                            models.SmallIntegerField(blank=True, null=True, verbose_name="satisfaction"),
                        ),
                        (
                            "satisfaction_scale",
                            models.SmallIntegerField(blank=True, null=True, verbose_name="highest satisfaction"),
                        ),
                        ("satisfaction_comment", models.TextField(blank=True, verbose_name="satisfaction comment")),
                        (
                            "satisfaction_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="satisfaction given"),
                        ),
                        (
                            "target_due_at",
                            models.DateTimeField(
                                blank=True,
                                editable=False,
                                help_text="Computed when the ticket or the targets change; empty where no target of ours applies.",
                                null=True,
                                verbose_name="due under our service target",
                            ),
                        ),
                        (
                            "resolution_target",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="metrics.servicetarget",
                            ),
                        ),
                        ("resolution_version", models.PositiveIntegerField(editable=False, null=True)),
                        ("resolution_tier", models.CharField(editable=False, max_length=100, null=True)),
                        (
                            "first_response_due_at",
                            models.DateTimeField(
                                blank=True,
                                editable=False,
                                null=True,
                                verbose_name="first response due under our service target",
                            ),
                        ),
                        (
                            "first_response_target",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="metrics.servicetarget",
                            ),
                        ),
                        ("first_response_version", models.PositiveIntegerField(editable=False, null=True)),
                        ("first_response_tier", models.CharField(editable=False, max_length=100, null=True)),
                        (
                            "next_reply_due_at",
                            models.DateTimeField(
                                blank=True,
                                editable=False,
                                null=True,
                                verbose_name="next reply due under our service target",
                            ),
                        ),
                        (
                            "next_reply_target",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="metrics.servicetarget",
                            ),
                        ),
                        ("next_reply_version", models.PositiveIntegerField(editable=False, null=True)),
                        ("next_reply_tier", models.CharField(editable=False, max_length=100, null=True)),
                        (
                            "reported",
                            models.JSONField(
                                blank=True, default=dict, verbose_name="durations as the source reports them"
                            ),
                        ),
                        ("extra", models.JSONField(blank=True, default=dict, verbose_name="other columns")),
                        ("flags", models.JSONField(blank=True, default=list, verbose_name="oddities")),
                        ("is_flagged", models.BooleanField(default=False, verbose_name="has oddities")),
                        ("is_stub", models.BooleanField(default=False)),
                        (
                            "is_from_events",
                            models.BooleanField(
                                default=False,
                                editable=False,
                                help_text="Only its events were imported; tickets themselves take over.",
                            ),
                        ),
                        (
                            "source_version",
                            models.BigIntegerField(
                                editable=False,
                                help_text="Puts the states that a source exported of this ticket in order.",
                                null=True,
                            ),
                        ),
                        ("row_hash", models.BinaryField(default=b"", max_length=16)),
                    ],
                    options={
                        "verbose_name": "ticket",
                        "verbose_name_plural": "tickets",
                        "indexes": [
                            models.Index(fields=["created_at"], name="ticket_created"),
                            models.Index(fields=["first_agent_reply_at"], name="ticket_replied"),
                            models.Index(fields=["first_solved_at"], name="ticket_first_solved"),
                            models.Index(fields=["solved_at"], name="ticket_solved"),
                            models.Index(fields=["closed_at"], name="ticket_closed"),
                            models.Index(fields=["satisfaction_at"], name="ticket_satisfaction"),
                            models.Index(fields=["target_due_at"], name="ticket_target_due"),
                            models.Index(fields=["first_response_due_at"], name="ticket_reply_due"),
                            models.Index(
                                condition=models.Q(("next_reply_due_at__isnull", False)),
                                fields=["next_reply_due_at"],
                                name="ticket_next_due",
                            ),
                            models.Index(fields=["due_at"], name="ticket_due"),
                            models.Index(
                                condition=models.Q(("answered_at__isnull", False)),
                                fields=["answered_at"],
                                name="ticket_answered",
                            ),
                            models.Index(
                                condition=models.Q(("abandoned_at__isnull", False)),
                                fields=["abandoned_at"],
                                name="ticket_abandoned",
                            ),
                            models.Index(
                                condition=models.Q(("handed_to_human_at__isnull", False)),
                                fields=["handed_to_human_at"],
                                name="ticket_handed",
                            ),
                            models.Index(
                                condition=models.Q(("is_flagged", True)), fields=["id"], name="ticket_flagged"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("source", "external_id"), name="ticket_identity")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TicketEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "ticket",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="events", to="metrics.ticket"
                            ),
                        ),
                        ("key", models.CharField(max_length=64)),
                        ("at", models.DateTimeField(verbose_name="at")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("created", "created"),
                                    ("status", "status"),
                                    ("assignee", "assignee"),
                                    ("team", "team"),
                                    ("priority", "priority"),
                                    ("category", "category"),
                                    ("reply", "reply"),
                                    ("note", "note"),
                                    ("reopen", "reopened"),
                                    ("merge", "merged"),
                                    ("escalate", "escalated"),
                                    ("handoff", "handed over"),
                                ],
                                max_length=20,
                                verbose_name="kind",
                            ),
                        ),
                        ("from_value", models.CharField(blank=True, max_length=200, verbose_name="from")),
                        ("to_value", models.CharField(blank=True, max_length=200, verbose_name="to")),
                        ("actor_type", models.CharField(blank=True, max_length=20, verbose_name="kind of actor")),
                        ("actor", models.CharField(blank=True, max_length=200, verbose_name="actor")),
                        ("extra", models.JSONField(blank=True, default=dict, verbose_name="other columns")),
                        ("row_hash", models.BinaryField(default=b"", max_length=16)),
                    ],
                    options={
                        "verbose_name": "ticket event",
                        "verbose_name_plural": "ticket events",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("kind__in", ["status", "reopen", "merge"])),
                                fields=["at"],
                                name="event_turn",
                            ),
                            models.Index(
                                condition=models.Q(("kind__in", ["assignee", "team", "reply", "escalate"])),
                                fields=["at"],
                                name="event_told",
                            ),
                            models.Index(
                                condition=models.Q(("kind", "escalate")), fields=["ticket"], name="event_escalation"
                            ),
                        ],
                        "constraints": [models.UniqueConstraint(fields=("ticket", "key"), name="event_identity")],
                    },
                ),
                migrations.CreateModel(
                    name="TicketHistory",
                    fields=[
                        (
                            "ticket",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="history",
                                serialize=False,
                                to="metrics.ticket",
                            ),
                        ),
                        ("snapshots", models.JSONField(default=list)),
                    ],
                    options={
                        "verbose_name": "ticket history",
                        "verbose_name_plural": "ticket histories",
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="AskedTicket",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "rule",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="surveys.sendingrule",
                            ),
                        ),
                        (
                            "ticket",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="metrics.ticket"
                            ),
                        ),
                        ("solved_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("rule", "ticket", "solved_at"), name="asked_ticket_once")
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="Benchmark",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kpi", models.CharField(db_index=True, max_length=50, verbose_name="KPI")),
                        ("low", models.FloatField(verbose_name="value, or lower end")),
                        ("high", models.FloatField(blank=True, null=True, verbose_name="upper end")),
                        ("segment", models.CharField(blank=True, max_length=200, verbose_name="of whom")),
                        ("source", models.CharField(max_length=300, verbose_name="source")),
                        ("link", models.URLField(blank=True, max_length=500, verbose_name="link to the source")),
                        ("as_of", models.DateField(verbose_name="measured or published on")),
                        ("review_on", models.DateField(blank=True, verbose_name="to be reviewed by")),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                    ],
                    options={
                        "verbose_name": "benchmark",
                        "verbose_name_plural": "benchmarks",
                        "ordering": ["kpi", "-as_of", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("high__isnull", True), ("high__gte", models.F("low")), _connector="OR"
                                ),
                                name="benchmark_range",
                            )
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="Subscription",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.CharField(max_length=50, verbose_name="source")),
                        ("external_id", models.CharField(max_length=200, verbose_name="external id")),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="subscriptions",
                                to="metrics.customer",
                                verbose_name="customer",
                            ),
                        ),
                        ("plan", models.CharField(blank=True, max_length=100, verbose_name="plan")),
                        ("is_premium", models.BooleanField(default=False, verbose_name="premium")),
                        (
                            "mrr",
                            models.DecimalField(
                                decimal_places=4, max_digits=18, verbose_name="monthly recurring revenue"
                            ),
                        ),
                        ("currency", models.CharField(blank=True, max_length=3, verbose_name="currency")),
                        ("started_on", models.DateField(verbose_name="started")),
                        ("ended_on", models.DateField(blank=True, null=True, verbose_name="ended")),
                        (
                            "cancel_requested_on",
                            models.DateField(blank=True, null=True, verbose_name="cancellation asked for"),
                        ),
                        ("renewal_due_on", models.DateField(blank=True, null=True, verbose_name="renewal due")),
                        ("renewed_on", models.DateField(blank=True, null=True, verbose_name="renewed")),
                        ("trial_ends_on", models.DateField(blank=True, null=True, verbose_name="trial ends")),
                        ("extra", models.JSONField(blank=True, default=dict, verbose_name="other columns")),
                        ("flags", models.JSONField(blank=True, default=list, verbose_name="oddities")),
                        ("row_hash", models.BinaryField(default=b"", max_length=16)),
                    ],
                    options={
                        "verbose_name": "subscription",
                        "verbose_name_plural": "subscriptions",
                        "indexes": [models.Index(fields=["renewal_due_on"], name="subscription_due")],
                        "constraints": [
                            models.UniqueConstraint(fields=("source", "external_id"), name="subscription_identity")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Order",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.CharField(max_length=50, verbose_name="source")),
                        ("external_id", models.CharField(max_length=200, verbose_name="external id")),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="orders",
                                to="metrics.customer",
                                verbose_name="customer",
                            ),
                        ),
                        ("placed_at", models.DateTimeField(verbose_name="placed")),
                        ("amount", models.DecimalField(decimal_places=4, max_digits=18, verbose_name="amount")),
                        ("currency", models.CharField(blank=True, max_length=3, verbose_name="currency")),
                        ("status", models.CharField(blank=True, max_length=100, verbose_name="status")),
                        ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="cancelled")),
                        ("extra", models.JSONField(blank=True, default=dict, verbose_name="other columns")),
                        ("flags", models.JSONField(blank=True, default=list, verbose_name="oddities")),
                        ("row_hash", models.BinaryField(default=b"", max_length=16)),
                    ],
                    options={
                        "verbose_name": "order",
                        "verbose_name_plural": "orders",
                        "indexes": [models.Index(fields=["placed_at"], name="order_placed")],
                        "constraints": [
                            models.UniqueConstraint(fields=("source", "external_id"), name="order_identity")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExchangeRate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "currency",
                            models.CharField(
                                help_text="ISO 4217.",
                                max_length=3,
                                validators=[django.core.validators.RegexValidator("^[A-Z]{3}$")],
                                verbose_name="currency",
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="from")),
                        (
                            "rate",
                            models.DecimalField(
                                decimal_places=8,
                                help_text="How much of the organisation's currency one unit is worth.",
                                max_digits=18,
                                validators=[django.core.validators.MinValueValidator(1e-08)],
                                verbose_name="worth in our currency",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "exchange rate",
                        "verbose_name_plural": "exchange rates",
                        "ordering": ["currency", "-valid_from"],
                        "constraints": [
                            models.UniqueConstraint(fields=("currency", "valid_from"), name="exchange_rate_once_a_day")
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="CustomKpi",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=50, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=100, verbose_name="name")),
                        (
                            "text",
                            models.TextField(
                                blank=True, max_length=2000, verbose_name="what it says, and why we measure it"
                            ),
                        ),
                        ("frame", models.CharField(max_length=30, verbose_name="table")),
                        (
                            "shape",
                            models.CharField(
                                choices=[
                                    ("number", "how many rows"),
                                    ("share", "which share of the rows (percent)"),
                                    ("mean", "the mean of a column"),
                                    ("per_row", "the sum of a column ÷ the number of rows"),
                                    ("rate", "the sum of a column ÷ the sum of another column"),
                                    ("duration", "how long it takes from one column to another (median)"),
                                ],
                                default="number",
                                max_length=20,
                                verbose_name="what is computed",
                            ),
                        ),
                        ("at", models.CharField(max_length=50, verbose_name="counted on the day of")),
                        ("column", models.CharField(blank=True, max_length=50, verbose_name="column")),
                        ("second", models.CharField(blank=True, max_length=50, verbose_name="second column")),
                        ("filters", models.JSONField(blank=True, default=list, verbose_name="rows that count")),
                        ("part", models.JSONField(blank=True, default=list, verbose_name="rows in the share")),
                        ("unit", models.CharField(default="count", max_length=20, verbose_name="unit")),
                        ("better", models.CharField(default="neither", max_length=10, verbose_name="direction")),
                        (
                            "revision",
                            models.PositiveSmallIntegerField(default=1, editable=False, verbose_name="revision"),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    ],
                    options={
                        "verbose_name": "KPI of our own",
                        "verbose_name_plural": "KPIs of our own",
                        "ordering": ["name", "id"],
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="ImportRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("customers", "customers"),
                                    ("subscriptions", "subscriptions"),
                                    ("orders", "orders"),
                                    ("tickets", "tickets"),
                                    ("ticket_events", "ticket events"),
                                    ("messages", "messages"),
                                    ("agent_time", "times of agents"),
                                    ("costs", "costs"),
                                    ("service_records", "service records"),
                                    ("survey_responses", "answers to surveys"),
                                ],
                                max_length=30,
                                verbose_name="kind",
                            ),
                        ),
                        ("format", models.CharField(max_length=20, verbose_name="format")),
                        ("source", models.CharField(max_length=50, verbose_name="source")),
                        ("file_name", models.CharField(max_length=255, verbose_name="file")),
                        (
                            "file",
                            models.FileField(
                                blank=True,
                                help_text="Kept until the run has ended.",
                                upload_to=metrics.models.imports.upload_path,
                            ),
                        ),
                        ("options", models.JSONField(blank=True, default=dict)),
                        ("is_dry_run", models.BooleanField(default=False, verbose_name="dry run")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("uploaded", "waiting for your confirmation"),
                                    ("queued", "waiting for a worker"),
                                    ("running", "running"),
                                    ("done", "done"),
                                    ("failed", "failed"),
                                    ("undoing", "being undone"),
                                    ("undone", "undone"),
                                ],
                                default="running",
                                max_length=20,
                                verbose_name="state",
                            ),
                        ),
                        ("lease_until", models.DateTimeField(blank=True, null=True)),
                        ("lease_token", models.CharField(blank=True, max_length=32)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("progress", models.FloatField(default=0.0, verbose_name="share done")),
                        ("read", models.PositiveIntegerField(default=0, verbose_name="read")),
                        ("created", models.PositiveIntegerField(default=0, verbose_name="created")),
                        ("updated", models.PositiveIntegerField(default=0, verbose_name="updated")),
                        ("unchanged", models.PositiveIntegerField(default=0, verbose_name="unchanged")),
                        ("rejected", models.PositiveIntegerField(default=0, verbose_name="rejected")),
                        ("written", models.JSONField(blank=True, default=dict)),
                        ("warnings", models.JSONField(blank=True, default=list)),
                        ("header", models.JSONField(blank=True, default=list)),
                        (
                            "rejected_file",
                            models.FileField(
                                blank=True,
                                help_text="All rejected rows, to be mended and imported again.",
                                upload_to="",
                            ),
                        ),
                        ("error", models.TextField(blank=True, verbose_name="error")),
                        (
                            "undo",
                            models.JSONField(
                                blank=True,
                                default=dict,
                                editable=False,
                                help_text="What came of undoing it: counts, and rows that stay.",
                            ),
                        ),
                        ("seconds", models.FloatField(blank=True, null=True, verbose_name="seconds")),
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
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="started")),
                        ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
                    ],
                    options={
                        "verbose_name": "import",
                        "verbose_name_plural": "imports",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ["queued", "running"])),
                                fields=["id"],
                                name="import_waiting",
                            )
                        ],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="RejectedRow",
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
                                related_name="rejected_rows",
                                to="metrics.importrun",
                            ),
                        ),
                        ("line", models.PositiveIntegerField(verbose_name="line")),
                        ("column", models.CharField(blank=True, max_length=100, verbose_name="column")),
                        ("reason", models.CharField(max_length=50, verbose_name="reason")),
                        ("message", models.CharField(max_length=400, verbose_name="what is wrong")),
                        ("row", models.JSONField()),
                    ],
                    options={
                        "verbose_name": "rejected row",
                        "verbose_name_plural": "rejected rows",
                        "ordering": ["run", "line"],
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="ImportChange",
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
                                related_name="changes",
                                to="metrics.importrun",
                            ),
                        ),
                        (
                            "action",
                            models.CharField(
                                choices=[("created", "created"), ("updated", "changed"), ("deleted", "deleted")],
                                max_length=10,
                            ),
                        ),
                        ("table", models.CharField(max_length=60)),
                        ("first_id", models.BigIntegerField()),
                        ("last_id", models.BigIntegerField()),
                        ("before", models.JSONField(null=True)),
                    ],
                    options={
                        "verbose_name": "change by an import",
                        "verbose_name_plural": "changes by imports",
                        "indexes": [models.Index(fields=["table", "first_id"], name="import_change_row")],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="KpiOptions",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "activity",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "by what there is: subscriptions, else orders, else signing up"),
                                    ("subscriptions", "with a subscription in force"),
                                    ("orders", "with an order within the time below"),
                                    ("sign_up", "from signing up until leaving"),
                                ],
                                max_length=20,
                                verbose_name="a customer is active",
                            ),
                        ),
                        (
                            "recognition",
                            models.CharField(
                                choices=[
                                    ("end", "at the end of the service that was paid for"),
                                    ("request", "when the cancellation is asked for"),
                                ],
                                default="end",
                                max_length=20,
                                verbose_name="a cancelled subscription is gone",
                            ),
                        ),
                        (
                            "active_days",
                            models.PositiveSmallIntegerField(
                                default=365,
                                help_text="For so long somebody who bought counts as a customer, where there are no subscriptions.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(3650),
                                ],
                                verbose_name="active after an order (days)",
                            ),
                        ),
                        (
                            "repeat_days",
                            models.PositiveSmallIntegerField(
                                default=90,
                                help_text="After the first order.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(3650),
                                ],
                                verbose_name="second order within (days)",
                            ),
                        ),
                        (
                            "conversion_days",
                            models.PositiveSmallIntegerField(
                                default=5,
                                help_text="So long an order is put down to support. Gorgias used 5 days, and uses 3 now.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(60),
                                ],
                                verbose_name="order after a ticket or chat within (days)",
                            ),
                        ),
                        (
                            "winback_months",
                            models.PositiveSmallIntegerField(
                                default=12,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(120),
                                ],
                                verbose_name="won back within (months)",
                            ),
                        ),
                        (
                            "renewal_grace_days",
                            models.PositiveSmallIntegerField(
                                default=30,
                                validators=[django.core.validators.MaxValueValidator(3650)],
                                verbose_name="late renewal within (days)",
                            ),
                        ),
                        (
                            "onboarding_days",
                            models.PositiveSmallIntegerField(
                                default=30,
                                help_text="Where it has no due time of its own.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(3650),
                                ],
                                verbose_name="onboarding within (days)",
                            ),
                        ),
                        (
                            "adoption_days",
                            models.PositiveSmallIntegerField(
                                default=90,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(3650),
                                ],
                                verbose_name="adoption within (days)",
                            ),
                        ),
                        (
                            "notice_hours",
                            models.PositiveSmallIntegerField(
                                default=72,
                                help_text="Where it has no due time of its own.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(3650),
                                ],
                                verbose_name="notice of an incident within (hours)",
                            ),
                        ),
                        (
                            "gross_margin",
                            models.FloatField(
                                blank=True,
                                help_text="Of what customers pay. Without it, values of customers are of revenue, and say so.",
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(0),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                                verbose_name="gross margin (%)",
                            ),
                        ),
                        (
                            "attributed_share",
                            models.FloatField(
                                blank=True,
                                help_text="Of kept customers, where there was no control group. It is an assumption, and shown as one.",
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(0),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                                verbose_name="kept by what we did (%)",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "how KPIs count",
                        "verbose_name_plural": "how KPIs count",
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("id", 1)), name="kpi_options_single")
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="Message",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "ticket",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="messages",
                                to="metrics.ticket",
                            ),
                        ),
                        ("key", models.CharField(max_length=64)),
                        ("at", models.DateTimeField(verbose_name="at")),
                        (
                            "author_type",
                            models.CharField(
                                choices=[
                                    ("customer", "customer"),
                                    ("agent", "agent"),
                                    ("bot", "bot"),
                                    ("automation", "automation"),
                                    ("third_party", "third party"),
                                ],
                                max_length=20,
                                verbose_name="kind of author",
                            ),
                        ),
                        ("author", models.CharField(blank=True, max_length=200, verbose_name="author")),
                        ("public", models.BooleanField(default=True, verbose_name="seen by the customer")),
                        ("text", models.TextField(blank=True, verbose_name="text")),
                        ("is_auto_reply", models.BooleanField(default=False, verbose_name="automatic reply")),
                        ("extra", models.JSONField(blank=True, default=dict, verbose_name="other columns")),
                        ("row_hash", models.BinaryField(default=b"", max_length=16)),
                    ],
                    options={
                        "verbose_name": "message",
                        "verbose_name_plural": "messages",
                        "indexes": [models.Index(fields=["at"], name="message_at")],
                        "constraints": [models.UniqueConstraint(fields=("ticket", "key"), name="message_identity")],
                    },
                ),
                migrations.CreateModel(
                    name="ServiceRecord",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.CharField(max_length=50, verbose_name="source")),
                        ("kind", models.CharField(max_length=50, verbose_name="kind")),
                        ("external_id", models.CharField(max_length=200, verbose_name="external id")),
                        (
                            "customer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                to="metrics.customer",
                                verbose_name="customer",
                            ),
                        ),
                        (
                            "ticket",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                to="metrics.ticket",
                                verbose_name="ticket",
                            ),
                        ),
                        ("channel", models.CharField(blank=True, max_length=100, verbose_name="channel")),
                        ("group", models.CharField(blank=True, max_length=20, verbose_name="group")),
                        ("started_at", models.DateTimeField(verbose_name="started")),
                        ("acknowledged_at", models.DateTimeField(blank=True, null=True, verbose_name="acknowledged")),
                        ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                        ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
                        ("outcome", models.CharField(blank=True, max_length=100, verbose_name="outcome")),
                        (
                            "amount",
                            models.DecimalField(
                                blank=True, decimal_places=4, max_digits=18, null=True, verbose_name="amount"
                            ),
                        ),
                        ("score", models.FloatField(blank=True, null=True, verbose_name="score")),
                        ("extra", models.JSONField(blank=True, default=dict, verbose_name="other columns")),
                        ("flags", models.JSONField(blank=True, default=list, verbose_name="oddities")),
                        ("row_hash", models.BinaryField(default=b"", max_length=16)),
                    ],
                    options={
                        "verbose_name": "service record",
                        "verbose_name_plural": "service records",
                        "indexes": [
                            models.Index(fields=["started_at"], name="record_started"),
                            models.Index(fields=["acknowledged_at"], name="record_acknowledged"),
                            models.Index(fields=["due_at"], name="record_due"),
                            models.Index(fields=["finished_at"], name="record_finished"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("source", "kind", "external_id"), name="service_record_identity"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Rollup",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kpi", models.CharField(max_length=50)),
                        ("revision", models.PositiveSmallIntegerField()),
                        ("day", models.DateField()),
                        ("dimension", models.CharField(max_length=30)),
                        ("member", models.CharField(max_length=200)),
                        ("clock", models.CharField(max_length=10)),
                        ("whole", models.BigIntegerField()),
                        ("part", models.FloatField()),
                        ("square", models.FloatField()),
                        ("extra", models.JSONField()),
                        ("values", models.BinaryField(null=True)),
                        ("members", models.TextField(default="")),
                        ("packed", models.BinaryField(null=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["day", "kpi"], name="rollup_day")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("kpi", "dimension", "day", "member", "clock"), name="rollup_identity"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DirtyDay",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("frame", models.CharField(max_length=30)),
                        ("day", models.DateField()),
                        ("generation", models.PositiveIntegerField(default=1)),
                        ("claimed_until", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("frame", "day"), name="dirty_day_once")],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="Basis",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("fingerprint", models.JSONField(default=dict)),
                        ("lease_until", models.DateTimeField(null=True)),
                        ("lease_token", models.CharField(blank=True, max_length=32)),
                    ],
                    options={
                        "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="basis_single")],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="FrameVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("frame", models.CharField(max_length=30, unique=True)),
                        ("version", models.BigIntegerField(default=1)),
                    ],
                    options={
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="ServiceTarget",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "position",
                            models.PositiveSmallIntegerField(
                                default=100, help_text="Lower numbers are tried first.", verbose_name="order"
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                blank=True,
                                help_text="Empty means every channel.",
                                max_length=100,
                                verbose_name="channel",
                            ),
                        ),
                        (
                            "category",
                            models.CharField(
                                blank=True,
                                help_text="Empty means every category.",
                                max_length=200,
                                verbose_name="category",
                            ),
                        ),
                        (
                            "priority",
                            models.CharField(
                                blank=True,
                                help_text="Empty means every priority.",
                                max_length=100,
                                verbose_name="priority",
                            ),
                        ),
                        (
                            "tier",
                            models.CharField(
                                blank=True,
                                help_text="Empty means every tier.",
                                max_length=100,
                                verbose_name="customer tier",
                            ),
                        ),
                        (
                            "company",
                            models.CharField(
                                blank=True,
                                help_text="Empty means every company.",
                                max_length=200,
                                verbose_name="agreement with the company",
                            ),
                        ),
                        (
                            "customer",
                            models.CharField(
                                blank=True,
                                help_text="The customer’s id in the help desk, or e-mail address. Empty means every customer.",
                                max_length=254,
                                verbose_name="agreement with the customer",
                            ),
                        ),
                        (
                            "least_mrr",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                help_text="In the organisation’s currency, as the customer’s subscriptions are when the ticket comes in. Empty means any.",
                                max_digits=14,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(0)],
                                verbose_name="from monthly revenue",
                            ),
                        ),
                        (
                            "from_day",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="Counted from the day of signing up.",
                                null=True,
                                verbose_name="customer for at least (days)",
                            ),
                        ),
                        (
                            "until_day",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="For example 90 for customers who are being introduced.",
                                null=True,
                                verbose_name="customer for less than (days)",
                            ),
                        ),
                        (
                            "seconds",
                            models.PositiveIntegerField(
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="within (seconds)",
                            ),
                        ),
                        (
                            "count",
                            models.CharField(
                                choices=[
                                    ("seconds", "hours, minutes and seconds"),
                                    ("days", "days, until the same time of day"),
                                    ("day_ends", "days, until the end of the last one"),
                                ],
                                default="seconds",
                                max_length=10,
                                verbose_name="counted in",
                            ),
                        ),
                        (
                            "clock",
                            models.CharField(
                                choices=[("business", "business time"), ("calendar", "calendar time")],
                                default="business",
                                max_length=10,
                                verbose_name="measured in",
                            ),
                        ),
                        (
                            "pausing",
                            models.CharField(
                                choices=[
                                    ("organisation", "the organisation's statuses"),
                                    ("own", "these statuses"),
                                    ("none", "nothing"),
                                ],
                                default="organisation",
                                max_length=12,
                                verbose_name="the clock is stopped by",
                            ),
                        ),
                        (
                            "pause_statuses",
                            models.JSONField(blank=True, default=list, verbose_name="statuses that stop the clock"),
                        ),
                        (
                            "warn_minutes",
                            models.PositiveIntegerField(
                                default=30,
                                help_text="In the time in which the target is measured.",
                                verbose_name="warn (minutes before)",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        ("name", models.CharField(max_length=150, verbose_name="name")),
                        (
                            "metric",
                            models.CharField(
                                choices=[
                                    ("first_response", "first response"),
                                    ("next_reply", "next reply"),
                                    ("resolution", "resolution"),
                                ],
                                max_length=20,
                                verbose_name="what is promised",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                        (
                            "valid_from",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="in force since"),
                        ),
                    ],
                    options={
                        "verbose_name": "service target",
                        "verbose_name_plural": "service targets",
                        "ordering": ["metric", "position", "id"],
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="EarlierTarget",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "position",
                            models.PositiveSmallIntegerField(
                                default=100, help_text="Lower numbers are tried first.", verbose_name="order"
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                blank=True,
                                help_text="Empty means every channel.",
                                max_length=100,
                                verbose_name="channel",
                            ),
                        ),
                        (
                            "category",
                            models.CharField(
                                blank=True,
                                help_text="Empty means every category.",
                                max_length=200,
                                verbose_name="category",
                            ),
                        ),
                        (
                            "priority",
                            models.CharField(
                                blank=True,
                                help_text="Empty means every priority.",
                                max_length=100,
                                verbose_name="priority",
                            ),
                        ),
                        (
                            "tier",
                            models.CharField(
                                blank=True,
                                help_text="Empty means every tier.",
                                max_length=100,
                                verbose_name="customer tier",
                            ),
                        ),
                        (
                            "company",
                            models.CharField(
                                blank=True,
                                help_text="Empty means every company.",
                                max_length=200,
                                verbose_name="agreement with the company",
                            ),
                        ),
                        (
                            "customer",
                            models.CharField(
                                blank=True,
                                help_text="The customer’s id in the help desk, or e-mail address. Empty means every customer.",
                                max_length=254,
                                verbose_name="agreement with the customer",
                            ),
                        ),
                        (
                            "least_mrr",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                help_text="In the organisation’s currency, as the customer’s subscriptions are when the ticket comes in. Empty means any.",
                                max_digits=14,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(0)],
                                verbose_name="from monthly revenue",
                            ),
                        ),
                        (
                            "from_day",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="Counted from the day of signing up.",
                                null=True,
                                verbose_name="customer for at least (days)",
                            ),
                        ),
                        (
                            "until_day",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="For example 90 for customers who are being introduced.",
                                null=True,
                                verbose_name="customer for less than (days)",
                            ),
                        ),
                        (
                            "seconds",
                            models.PositiveIntegerField(
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="within (seconds)",
                            ),
                        ),
                        (
                            "count",
                            models.CharField(
                                choices=[
                                    ("seconds", "hours, minutes and seconds"),
                                    ("days", "days, until the same time of day"),
                                    ("day_ends", "days, until the end of the last one"),
                                ],
                                default="seconds",
                                max_length=10,
                                verbose_name="counted in",
                            ),
                        ),
                        (
                            "clock",
                            models.CharField(
                                choices=[("business", "business time"), ("calendar", "calendar time")],
                                default="business",
                                max_length=10,
                                verbose_name="measured in",
                            ),
                        ),
                        (
                            "pausing",
                            models.CharField(
                                choices=[
                                    ("organisation", "the organisation's statuses"),
                                    ("own", "these statuses"),
                                    ("none", "nothing"),
                                ],
                                default="organisation",
                                max_length=12,
                                verbose_name="the clock is stopped by",
                            ),
                        ),
                        (
                            "pause_statuses",
                            models.JSONField(blank=True, default=list, verbose_name="statuses that stop the clock"),
                        ),
                        (
                            "warn_minutes",
                            models.PositiveIntegerField(
                                default=30,
                                help_text="In the time in which the target is measured.",
                                verbose_name="warn (minutes before)",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "target",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="earlier",
                                to="metrics.servicetarget",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(verbose_name="version")),
                        ("valid_from", models.DateTimeField(blank=True, null=True, verbose_name="in force since")),
                        ("valid_until", models.DateTimeField(verbose_name="in force until")),
                    ],
                    options={
                        "verbose_name": "earlier version of a service target",
                        "verbose_name_plural": "earlier versions of service targets",
                        "ordering": ["target", "version"],
                        "constraints": [
                            models.UniqueConstraint(fields=("target", "version"), name="earlier_target_version")
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="EarlierTier",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="earlier_tiers",
                                to="metrics.customer",
                            ),
                        ),
                        ("tier", models.CharField(max_length=100, verbose_name="tier")),
                        ("until", models.DateTimeField(verbose_name="until")),
                    ],
                    options={
                        "verbose_name": "earlier tier of a customer",
                        "verbose_name_plural": "earlier tiers of customers",
                        "ordering": ["customer", "until"],
                        "constraints": [
                            models.UniqueConstraint(fields=("customer", "until"), name="earlier_tier_once"),
                            models.CheckConstraint(
                                condition=models.Q(("tier", ""), _negated=True), name="earlier_tier_is_known"
                            ),
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="AgentTime",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.CharField(max_length=50, verbose_name="source")),
                        ("key", models.CharField(max_length=64)),
                        (
                            "agent",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, to="kpiproject.agent", verbose_name="agent"
                            ),
                        ),
                        ("starts_at", models.DateTimeField(verbose_name="from")),
                        ("ends_at", models.DateTimeField(verbose_name="to")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("available", "available"),
                                    ("break", "break"),
                                    ("training", "training"),
                                    ("absence", "absence"),
                                    ("handling", "handling a contact"),
                                    ("related", "work after a contact"),
                                ],
                                max_length=20,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "ticket",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                to="metrics.ticket",
                                verbose_name="ticket",
                            ),
                        ),
                        ("extra", models.JSONField(blank=True, default=dict, verbose_name="other columns")),
                        ("flags", models.JSONField(blank=True, default=list, verbose_name="oddities")),
                        ("row_hash", models.BinaryField(default=b"", max_length=16)),
                    ],
                    options={
                        "verbose_name": "agent time",
                        "verbose_name_plural": "agent times",
                        "indexes": [
                            models.Index(fields=["starts_at"], name="agent_time_starts"),
                            models.Index(fields=["ends_at"], name="agent_time_ends"),
                        ],
                        "constraints": [models.UniqueConstraint(fields=("source", "key"), name="agent_time_identity")],
                    },
                ),
                migrations.CreateModel(
                    name="CostEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.CharField(max_length=50, verbose_name="source")),
                        ("key", models.CharField(max_length=64)),
                        (
                            "category",
                            models.CharField(
                                choices=[
                                    ("wages", "wages"),
                                    ("technology", "technology"),
                                    ("facilities", "facilities"),
                                    ("training", "training"),
                                    ("management", "management"),
                                    ("other", "other"),
                                ],
                                max_length=20,
                                verbose_name="category",
                            ),
                        ),
                        ("amount", models.DecimalField(decimal_places=4, max_digits=18, verbose_name="amount")),
                        ("currency", models.CharField(blank=True, max_length=3, verbose_name="currency")),
                        ("valid_from", models.DateField(verbose_name="from")),
                        ("valid_to", models.DateField(verbose_name="to")),
                        (
                            "team",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                to="kpiproject.team",
                                verbose_name="team",
                            ),
                        ),
                        ("channel", models.CharField(blank=True, max_length=100, verbose_name="channel")),
                        ("extra", models.JSONField(blank=True, default=dict, verbose_name="other columns")),
                        ("flags", models.JSONField(blank=True, default=list, verbose_name="oddities")),
                        ("row_hash", models.BinaryField(default=b"", max_length=16)),
                    ],
                    options={
                        "verbose_name": "cost",
                        "verbose_name_plural": "costs",
                        "constraints": [models.UniqueConstraint(fields=("source", "key"), name="cost_identity")],
                        "indexes": [],
                    },
                ),
            ],
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
