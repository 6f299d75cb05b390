"""All of this app's tables and first rows in one step, for new databases. Databases that have taken some of the steps
this replaces take the rest of those, so they stay; so do their names in the dependencies."""

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models

import kpiproject.validators
from kpiproject import roles
from kpiproject.tables import CreateModels


def grant(apps, schema_editor):
    managers = roles.everything(
        "organisation",
        "team",
        "agent",
        "businesscalendar",
        "holiday",
        "earlierhours",
        "specialday",
        "calendaruse",
    )
    managers -= {"add_organisation", "delete_organisation"}
    managers |= {"view_user", "add_user", "change_user", "view_mail", "change_mail"}
    roles.grant(apps, "kpiproject", {roles.STAFF: set(), roles.MANAGERS: managers})


class Migration(migrations.Migration):
    replaces = [
        ("kpiproject", "0001_initial"),
        ("kpiproject", "0002_roles"),
        ("kpiproject", "0003_attempts"),
        ("kpiproject", "0004_password_reset_request"),
        ("kpiproject", "0005_mail_files"),
        ("kpiproject", "0006_mail_domain"),
        ("kpiproject", "0007_logo"),
        ("kpiproject", "0008_calendars"),
        ("kpiproject", "0009_calendar_roles"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Attempts",
                    fields=[
                        ("key", models.CharField(max_length=200, primary_key=True, serialize=False)),
                        ("count", models.PositiveIntegerField()),
                        ("ends_at", models.DateTimeField(db_index=True)),
                    ],
                    options={
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="Organisation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(default="My organisation", max_length=150, verbose_name="name")),
                        (
                            "time_zone",
                            models.CharField(
                                default="UTC",
                                help_text="Days, weeks and months of every figure begin at midnight here. For example Europe/Berlin.",
                                max_length=64,
                                validators=[kpiproject.validators.validate_time_zone],
                                verbose_name="time zone",
                            ),
                        ),
                        (
                            "week_start",
                            models.PositiveSmallIntegerField(
                                choices=[(0, "Monday"), (5, "Saturday"), (6, "Sunday")],
                                default=0,
                                validators=[
                                    django.core.validators.MinValueValidator(0),
                                    django.core.validators.MaxValueValidator(6),
                                ],
                                verbose_name="week starts on",
                            ),
                        ),
                        (
                            "currency",
                            models.CharField(
                                default="EUR",
                                help_text="ISO 4217.",
                                max_length=3,
                                validators=[django.core.validators.RegexValidator("^[A-Z]{3}$")],
                                verbose_name="currency",
                            ),
                        ),
                        (
                            "brand_colour",
                            models.CharField(
                                default="#1f4f8f",
                                max_length=7,
                                validators=[django.core.validators.RegexValidator("^#[0-9a-fA-F]{6}$")],
                                verbose_name="brand colour",
                            ),
                        ),
                        (
                            "logo",
                            models.FileField(
                                blank=True,
                                help_text="PNG, JPEG or WebP of at most 8 kB; shown 48 pixels high at the top of survey pages.",
                                max_length=60,
                                upload_to="logos",
                                verbose_name="logo",
                            ),
                        ),
                        (
                            "pause_statuses",
                            models.JSONField(
                                blank=True,
                                default=list,
                                help_text="Ticket statuses, as imported, whose time is left out of the resolution time.",
                                verbose_name="statuses that stop the clock",
                            ),
                        ),
                        (
                            "schedule_at_end",
                            models.BooleanField(
                                default=False,
                                help_text="One calendar for the whole time of a ticket: that of the team which has it at the end. Otherwise every hour counts by the calendar of the team that had the ticket while it passed.",
                                verbose_name="measure as Zendesk does",
                            ),
                        ),
                        (
                            "postal_address",
                            models.TextField(
                                blank=True,
                                help_text="Printed at the foot of survey mails, as many countries require.",
                                verbose_name="postal address",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "organisation",
                        "verbose_name_plural": "organisation",
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("id", 1)), name="organisation_single")
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="Team",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.CharField(default="plumbline", max_length=50, verbose_name="source")),
                        ("external_id", models.CharField(max_length=200, verbose_name="external id")),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                    ],
                    options={
                        "verbose_name": "team",
                        "verbose_name_plural": "teams",
                        "ordering": ["name"],
                        "constraints": [
                            models.UniqueConstraint(fields=("source", "external_id"), name="team_identity")
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="Agent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.CharField(default="plumbline", max_length=50, verbose_name="source")),
                        ("external_id", models.CharField(max_length=200, verbose_name="external id")),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        (
                            "email",
                            models.EmailField(blank=True, db_index=True, max_length=254, verbose_name="e-mail address"),
                        ),
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
                    ],
                    options={
                        "verbose_name": "agent",
                        "verbose_name_plural": "agents",
                        "ordering": ["name"],
                        "constraints": [
                            models.UniqueConstraint(fields=("source", "external_id"), name="agent_identity")
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="BusinessCalendar",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "time_zone",
                            models.CharField(
                                default="UTC",
                                max_length=64,
                                validators=[kpiproject.validators.validate_time_zone],
                                verbose_name="time zone",
                            ),
                        ),
                        (
                            "week",
                            models.JSONField(
                                blank=True,
                                default=dict,
                                help_text='For example {"mon": [["09:00", "12:00"], ["13:00", "17:00"]]}.',
                                validators=[kpiproject.validators.validate_week],
                                verbose_name="opening hours",
                            ),
                        ),
                        ("name", models.CharField(max_length=150, verbose_name="name")),
                        (
                            "is_default",
                            models.BooleanField(default=False, verbose_name="used for the organisation's figures"),
                        ),
                    ],
                    options={
                        "verbose_name": "business calendar",
                        "verbose_name_plural": "business calendars",
                        "ordering": ["name"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_default", True)),
                                fields=("is_default",),
                                name="calendar_one_default",
                            )
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="EarlierHours",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "time_zone",
                            models.CharField(
                                default="UTC",
                                max_length=64,
                                validators=[kpiproject.validators.validate_time_zone],
                                verbose_name="time zone",
                            ),
                        ),
                        (
                            "week",
                            models.JSONField(
                                blank=True,
                                default=dict,
                                help_text='For example {"mon": [["09:00", "12:00"], ["13:00", "17:00"]]}.',
                                validators=[kpiproject.validators.validate_week],
                                verbose_name="opening hours",
                            ),
                        ),
                        (
                            "calendar",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="earlier",
                                to="kpiproject.businesscalendar",
                            ),
                        ),
                        (
                            "until",
                            models.DateField(
                                help_text="The first day on which they did not count any more.", verbose_name="until"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "earlier opening hours",
                        "verbose_name_plural": "earlier opening hours",
                        "ordering": ["until"],
                        "constraints": [
                            models.UniqueConstraint(fields=("calendar", "until"), name="earlier_hours_once")
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="Holiday",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "calendar",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="holidays",
                                to="kpiproject.businesscalendar",
                            ),
                        ),
                        ("date", models.DateField(verbose_name="date")),
                        ("name", models.CharField(max_length=150, verbose_name="name")),
                        ("is_active", models.BooleanField(default=True, verbose_name="observed")),
                        (
                            "intervals",
                            models.JSONField(
                                blank=True,
                                default=list,
                                validators=[kpiproject.validators.validate_intervals],
                                verbose_name="open nevertheless",
                            ),
                        ),
                        ("uid", models.CharField(blank=True, editable=False, max_length=200)),
                    ],
                    options={
                        "verbose_name": "holiday",
                        "verbose_name_plural": "holidays",
                        "ordering": ["date"],
                        "constraints": [
                            models.UniqueConstraint(fields=("calendar", "date"), name="holiday_once_a_day")
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="SpecialDay",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "calendar",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="special_days",
                                to="kpiproject.businesscalendar",
                            ),
                        ),
                        ("date", models.DateField(verbose_name="date")),
                        (
                            "intervals",
                            models.JSONField(
                                blank=True,
                                default=list,
                                validators=[kpiproject.validators.validate_intervals],
                                verbose_name="open",
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=150, verbose_name="reason")),
                    ],
                    options={
                        "verbose_name": "day with other hours",
                        "verbose_name_plural": "days with other hours",
                        "ordering": ["date"],
                        "constraints": [models.UniqueConstraint(fields=("calendar", "date"), name="special_day_once")],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="CalendarUse",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "calendar",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="uses",
                                to="kpiproject.businesscalendar",
                            ),
                        ),
                        (
                            "position",
                            models.PositiveSmallIntegerField(
                                default=100, help_text="Lower numbers are tried first.", verbose_name="order"
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                blank=True,
                                help_text="Empty means every team.",
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                to="kpiproject.team",
                                verbose_name="team",
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
                            "tier",
                            models.CharField(
                                blank=True,
                                help_text="Empty means every tier.",
                                max_length=100,
                                verbose_name="customer tier",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "use of a calendar",
                        "verbose_name_plural": "uses of a calendar",
                        "ordering": ["position", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("team__isnull", False),
                                    models.Q(("channel", ""), _negated=True),
                                    models.Q(("tier", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="calendar_use_is_for_something",
                            )
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="MailFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "digest",
                            models.CharField(help_text="SHA-256 of everything else.", max_length=64, unique=True),
                        ),
                        ("name", models.CharField(max_length=150)),
                        ("content_type", models.CharField(max_length=100)),
                        ("content_id", models.CharField(blank=True, max_length=150)),
                        ("content", models.BinaryField()),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="Mail",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "key",
                            models.CharField(
                                help_text="Names the cause: one cause, one mail.",
                                max_length=200,
                                unique=True,
                                verbose_name="key",
                            ),
                        ),
                        ("kind", models.CharField(max_length=50, verbose_name="kind")),
                        ("message_id", models.CharField(editable=False, max_length=200, unique=True)),
                        ("sender", models.CharField(max_length=320, verbose_name="from")),
                        ("recipient", models.EmailField(max_length=254, verbose_name="to")),
                        (
                            "domain",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.functions.text.Lower(
                                    django.db.models.functions.text.Substr(
                                        "recipient",
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.functions.text.StrIndex("recipient", models.Value("@")),
                                            "+",
                                            models.Value(1),
                                        ),
                                    )
                                ),
                                output_field=models.CharField(max_length=254),
                                verbose_name="domain",
                            ),
                        ),
                        ("reply_to", models.CharField(blank=True, max_length=320)),
                        ("subject", models.CharField(max_length=400, verbose_name="subject")),
                        ("text", models.TextField(verbose_name="text")),
                        ("html", models.TextField(blank=True)),
                        ("headers", models.JSONField(blank=True, default=dict)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("queued", "waiting"),
                                    ("claimed", "being sent"),
                                    ("handed_over", "handed over, not confirmed"),
                                    ("sent", "sent"),
                                    ("failed", "failed"),
                                    ("cancelled", "cancelled"),
                                ],
                                default="queued",
                                max_length=20,
                                verbose_name="state",
                            ),
                        ),
                        ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                        (
                            "next_attempt_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="next attempt"),
                        ),
                        ("lease_until", models.DateTimeField(blank=True, null=True)),
                        ("lease_token", models.CharField(blank=True, max_length=32)),
                        ("error", models.TextField(blank=True, verbose_name="last error")),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="created")),
                        ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                        ("files", models.ManyToManyField(blank=True, related_name="mails", to="kpiproject.mailfile")),
                    ],
                    options={
                        "verbose_name": "mail",
                        "verbose_name_plural": "mails",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ["queued", "claimed"])),
                                fields=["next_attempt_at"],
                                name="mail_due",
                            ),
                            models.Index(fields=["state", "-id"], name="mail_state"),
                            models.Index(fields=["sent_at", "domain"], name="mail_sent_to"),
                            models.Index(
                                condition=models.Q(("lease_until__isnull", False)),
                                fields=["lease_until"],
                                name="mail_leased",
                            ),
                        ],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="DomainTurn",
                    fields=[
                        ("domain", models.CharField(max_length=254, primary_key=True, serialize=False)),
                    ],
                    options={
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="Heartbeat",
                    fields=[
                        ("name", models.CharField(max_length=50, primary_key=True, serialize=False)),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="PasswordResetRequest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("email", models.EmailField(max_length=320)),
                        ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="User",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                        (
                            "is_superuser",
                            models.BooleanField(
                                default=False,
                                help_text="Designates that this user has all permissions without explicitly assigning them.",
                                verbose_name="superuser status",
                            ),
                        ),
                        ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail address")),
                        ("name", models.CharField(blank=True, max_length=150, verbose_name="name")),
                        (
                            "time_zone",
                            models.CharField(
                                blank=True,
                                help_text="For example Europe/Berlin. Empty means the organisation's. Figures always use the organisation's.",
                                max_length=64,
                                validators=[kpiproject.validators.validate_time_zone],
                                verbose_name="time zone",
                            ),
                        ),
                        ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "is_staff",
                            models.BooleanField(
                                default=False,
                                help_text="Follows from the role Manager.",
                                verbose_name="may open the administration",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, editable=False, verbose_name="created"
                            ),
                        ),
                        (
                            "invited_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="invited"),
                        ),
                        (
                            "groups",
                            models.ManyToManyField(
                                blank=True,
                                help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.group",
                                verbose_name="groups",
                            ),
                        ),
                        (
                            "user_permissions",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Specific permissions for this user.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.permission",
                                verbose_name="user permissions",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "person",
                        "verbose_name_plural": "people",
                        "ordering": ["name", "email"],
                        "indexes": [],
                        "constraints": [],
                    },
                ),
            ],
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
