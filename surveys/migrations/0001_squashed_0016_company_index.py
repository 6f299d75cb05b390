"""All of this app's tables and first rows in one step, for new databases. Databases that have taken some of the steps
this replaces take the rest of those, so they stay; so do their names in the dependencies."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import kpiproject.lib.tokens
import kpiproject.validators
import surveys.models.sending
from kpiproject import roles
from kpiproject.tables import CreateModels
from surveys.content import TEXTS, Content, Wording
from surveys.scales import KINDS, Scale


def index_words(apps, schema_editor):
    """On PostgreSQL comments are searched by an index on them; what SQLite has instead, surveys.search keeps."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE INDEX answer_words ON surveys_answer USING GIN (to_tsvector('simple', comment)) WHERE comment <> ''"
        )


def grant(apps, schema_editor):
    managers = roles.everything(
        "survey",
        "translation",
        "question",
        "entrance",
        "invitation",
        "contact",
        "suppression",
        "answer",
        "sendingrule",
        "mailing",
        "followup",
        "followuproute",
    )
    # What a customer said is never written by hand, and its history is never rewritten; whether it is praise or a
    # complaint is for managers to say.
    managers -= {"add_answer"}
    managers |= {f"view_{name}" for name in ("version", "answerchange", "click", "skip", "reply", "reminder")}
    managers |= {f"{action}_{name}" for action in ("view", "change") for name in ("quiettime", "followuprules")}
    # Reports are recorded by machines or from files; nobody changes one.
    managers |= {"view_bouncereport", "add_bouncereport"}
    # Staff take care of the follow-ups that are theirs.
    staff = {"view_survey", "view_followup", "change_followup"}
    roles.grant(apps, "surveys", {roles.STAFF: staff, roles.MANAGERS: managers})


OPEN = {"csat", "nps", "ces"}
PURPOSES = {"nps": "relationship", "esat": "employees", "enps": "employees"}


def create_starters(apps, schema_editor):
    """One survey of every kind, with its first version."""
    surveys = apps.get_model("surveys", "Survey").objects
    versions = apps.get_model("surveys", "Version").objects
    for kind in KINDS.values():
        is_open = kind.code in OPEN
        survey = surveys.create(
            slug=kind.slug,
            name=str(kind.name),
            kind=kind.code,
            purpose=PURPOSES.get(kind.code, "service"),
            question=str(kind.question),
            low_label=str(kind.low_label),
            high_label=str(kind.high_label),
            scale_min=kind.low,
            scale_max=kind.high,
            status="open" if is_open else "draft",
            opened_at=django.utils.timezone.now() if is_open else None,
        )
        scale = Scale(kind=survey.kind, low=survey.scale_min, high=survey.scale_max)
        wording = Wording(**{name: getattr(survey, name) for name in TEXTS})
        content = Content(scale=scale, look=survey.look, language=survey.language, wordings={survey.language: wording})
        survey.current_version = versions.create(
            survey=survey, number=1, content=content.as_json(), digest=content.digest, created_at=survey.created_at
        )
        survey.save()


class Migration(migrations.Migration):
    replaces = [
        ("surveys", "0001_initial"),
        ("surveys", "0002_roles"),
        ("surveys", "0003_wording_and_form_key"),
        ("surveys", "0004_starter_surveys"),
        ("surveys", "0005_answer_changed"),
        ("surveys", "0006_whole_surveys"),
        ("surveys", "0007_first_versions"),
        ("surveys", "0008_roles"),
        ("surveys", "0009_frozen_wording"),
        ("surveys", "0010_misdirected"),
        ("surveys", "0011_sending"),
        ("surveys", "0012_follow_ups"),
        ("surveys", "0013_imported_extra"),
        ("surveys", "0014_bounces"),
        ("surveys", "0015_tallies"),
        ("surveys", "0016_company_index"),
    ]

    initial = True

    dependencies = [
        ("kpiproject", "0006_mail_domain"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Contact",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                        ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                        ("company", models.CharField(blank=True, max_length=200, verbose_name="company")),
                        ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                        (
                            "time_zone",
                            models.CharField(
                                blank=True,
                                max_length=64,
                                validators=[kpiproject.validators.validate_time_zone],
                                verbose_name="time zone",
                            ),
                        ),
                        ("person_key", models.CharField(db_index=True, default="", editable=False, max_length=254)),
                        ("company_key", models.CharField(blank=True, default="", editable=False, max_length=200)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    ],
                    options={
                        "verbose_name": "contact",
                        "verbose_name_plural": "contacts",
                        "ordering": ["email"],
                        "indexes": [models.Index(fields=["company_key"], name="contact_company_key")],
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("email"), name="contact_email_unique"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Suppression",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("unsubscribed", "unsubscribed"),
                                    ("bounced", "undeliverable"),
                                    ("complained", "complained"),
                                    ("manual", "by hand"),
                                ],
                                max_length=20,
                                verbose_name="reason",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                        ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="since")),
                    ],
                    options={
                        "verbose_name": "do-not-contact entry",
                        "verbose_name_plural": "do-not-contact list",
                        "ordering": ["-at"],
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("email"), name="suppression_email_unique"
                            )
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="Survey",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "question",
                            models.CharField(
                                help_text="“[Company]” is replaced by the organisation's name.",
                                max_length=300,
                                verbose_name="question",
                            ),
                        ),
                        (
                            "low_label",
                            models.CharField(blank=True, max_length=60, verbose_name="label of the lowest score"),
                        ),
                        (
                            "high_label",
                            models.CharField(blank=True, max_length=60, verbose_name="label of the highest score"),
                        ),
                        (
                            "comment_label",
                            models.CharField(blank=True, max_length=150, verbose_name="label of the comment"),
                        ),
                        ("thanks", models.CharField(blank=True, max_length=300, verbose_name="words of thanks")),
                        (
                            "thanks_link",
                            models.CharField(
                                blank=True, max_length=80, verbose_name="words of the link beneath the thanks"
                            ),
                        ),
                        ("privacy_note", models.TextField(blank=True, max_length=1000, verbose_name="privacy note")),
                        (
                            "mail_subject",
                            models.CharField(blank=True, max_length=150, verbose_name="subject of the mail"),
                        ),
                        (
                            "mail_intro",
                            models.TextField(
                                blank=True, max_length=1000, verbose_name="words above the question in the mail"
                            ),
                        ),
                        (
                            "reminder_subject",
                            models.CharField(blank=True, max_length=150, verbose_name="subject of the reminder"),
                        ),
                        (
                            "reminder_intro",
                            models.TextField(
                                blank=True, max_length=1000, verbose_name="words above the question in the reminder"
                            ),
                        ),
                        (
                            "slug",
                            models.SlugField(
                                help_text="Part of the public address.", unique=True, verbose_name="short name"
                            ),
                        ),
                        ("name", models.CharField(max_length=150, verbose_name="name")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("csat", "Customer satisfaction (CSAT)"),
                                    ("nps", "Net Promoter Score (NPS)"),
                                    ("ces", "Customer effort (CES)"),
                                    ("esat", "Employee satisfaction"),
                                    ("enps", "Employee Net Promoter Score (eNPS)"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "purpose",
                            models.CharField(
                                choices=[
                                    ("service", "after a contact with service"),
                                    ("relationship", "the relationship as a whole"),
                                    ("onboarding", "how the beginning went"),
                                    ("exit", "why somebody leaves"),
                                    ("product", "the product"),
                                    ("recovery", "whether a complaint was settled"),
                                    ("employees", "our own people"),
                                ],
                                default="service",
                                help_text="Answers about service and relationship count in the KPI of the kind; others only here.",
                                max_length=20,
                                verbose_name="about",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("draft", "draft"), ("open", "open"), ("closed", "closed")],
                                default="draft",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                choices=[
                                    ("en", "English"),
                                    ("de", "Deutsch"),
                                    ("fr", "Français"),
                                    ("es", "Español"),
                                    ("ar", "العربية"),
                                ],
                                default="en",
                                help_text="Of the wording above; the mail and the page around it use the same.",
                                max_length=10,
                                verbose_name="language",
                            ),
                        ),
                        (
                            "look",
                            models.CharField(
                                choices=[
                                    ("numbers", "numbers"),
                                    ("smileys", "smileys"),
                                    ("stars", "stars"),
                                    ("thumbs", "thumbs"),
                                ],
                                default="numbers",
                                max_length=10,
                                verbose_name="scores look like",
                            ),
                        ),
                        ("scale_min", models.SmallIntegerField(default=1, editable=False, verbose_name="lowest score")),
                        (
                            "scale_max",
                            models.SmallIntegerField(default=5, editable=False, verbose_name="highest score"),
                        ),
                        (
                            "lower_is_better",
                            models.BooleanField(
                                default=False,
                                help_text="As for “How much effort did it take?”.",
                                verbose_name="low scores are good",
                            ),
                        ),
                        (
                            "middle_from",
                            models.SmallIntegerField(blank=True, null=True, verbose_name="the middle begins at"),
                        ),
                        (
                            "good_from",
                            models.SmallIntegerField(
                                blank=True,
                                help_text="Empty: as the field has agreed on for this scale.",
                                null=True,
                                verbose_name="good begins at",
                            ),
                        ),
                        (
                            "thanks_url",
                            models.URLField(blank=True, verbose_name="address of the link beneath the thanks"),
                        ),
                        (
                            "expires_after_days",
                            models.PositiveSmallIntegerField(
                                default=28,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(365),
                                ],
                                verbose_name="an invitation expires after (days)",
                            ),
                        ),
                        (
                            "lock_after_days",
                            models.PositiveSmallIntegerField(
                                default=7,
                                validators=[django.core.validators.MaxValueValidator(365)],
                                verbose_name="an answer can be changed for (days)",
                            ),
                        ),
                        (
                            "reminder_days",
                            models.JSONField(
                                blank=True,
                                default=list,
                                help_text="None, one or two numbers of days after the invitation, such as [3, 7].",
                                verbose_name="reminders after (days)",
                            ),
                        ),
                        (
                            "respects_quiet_time",
                            models.BooleanField(
                                default=True,
                                help_text="Off only where somebody expects the question, as after a complaint was settled.",
                                verbose_name="leaves people alone who were asked lately",
                            ),
                        ),
                        (
                            "reply_to",
                            models.EmailField(
                                blank=True,
                                help_text="Where an answer to the mail itself goes. Empty: to the address the mail comes from.",
                                max_length=254,
                                verbose_name="replies go to",
                            ),
                        ),
                        ("has_public_link", models.BooleanField(default=False, verbose_name="has a public link")),
                        (
                            "link_secret",
                            models.CharField(default=kpiproject.lib.tokens.new_token, editable=False, max_length=22),
                        ),
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
                        (
                            "current_version",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="surveys.version",
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("opened_at", models.DateTimeField(blank=True, editable=False, null=True)),
                    ],
                    options={
                        "verbose_name": "survey",
                        "verbose_name_plural": "surveys",
                        "ordering": ["name"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("scale_min__lt", models.F("scale_max"))), name="survey_scale_order"
                            )
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="Translation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "low_label",
                            models.CharField(blank=True, max_length=60, verbose_name="label of the lowest score"),
                        ),
                        (
                            "high_label",
                            models.CharField(blank=True, max_length=60, verbose_name="label of the highest score"),
                        ),
                        (
                            "comment_label",
                            models.CharField(blank=True, max_length=150, verbose_name="label of the comment"),
                        ),
                        ("thanks", models.CharField(blank=True, max_length=300, verbose_name="words of thanks")),
                        (
                            "thanks_link",
                            models.CharField(
                                blank=True, max_length=80, verbose_name="words of the link beneath the thanks"
                            ),
                        ),
                        ("privacy_note", models.TextField(blank=True, max_length=1000, verbose_name="privacy note")),
                        (
                            "mail_subject",
                            models.CharField(blank=True, max_length=150, verbose_name="subject of the mail"),
                        ),
                        (
                            "mail_intro",
                            models.TextField(
                                blank=True, max_length=1000, verbose_name="words above the question in the mail"
                            ),
                        ),
                        (
                            "reminder_subject",
                            models.CharField(blank=True, max_length=150, verbose_name="subject of the reminder"),
                        ),
                        (
                            "reminder_intro",
                            models.TextField(
                                blank=True, max_length=1000, verbose_name="words above the question in the reminder"
                            ),
                        ),
                        (
                            "survey",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="translations",
                                to="surveys.survey",
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                choices=[
                                    ("en", "English"),
                                    ("de", "Deutsch"),
                                    ("fr", "Français"),
                                    ("es", "Español"),
                                    ("ar", "العربية"),
                                ],
                                max_length=10,
                                verbose_name="language",
                            ),
                        ),
                        ("question", models.CharField(blank=True, max_length=300, verbose_name="question")),
                    ],
                    options={
                        "verbose_name": "translation",
                        "verbose_name_plural": "translations",
                        "ordering": ["language"],
                        "constraints": [
                            models.UniqueConstraint(fields=("survey", "language"), name="translation_once")
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="Question",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "survey",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="questions",
                                to="surveys.survey",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("choice", "one of several"),
                                    ("multiple", "any of several"),
                                    ("scale", "a scale"),
                                    ("short", "a line of text"),
                                    ("long", "a longer text"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("is_required", models.BooleanField(default=False, verbose_name="must be answered")),
                        ("is_retired", models.BooleanField(default=False, verbose_name="no longer asked")),
                        ("scale_min", models.SmallIntegerField(default=1, verbose_name="lowest score")),
                        ("scale_max", models.SmallIntegerField(default=5, verbose_name="highest score")),
                        (
                            "standings",
                            models.JSONField(
                                blank=True,
                                default=list,
                                help_text="Score groups: 1 good, 0 middle, -1 bad; [] all.",
                                verbose_name="only asked of",
                            ),
                        ),
                        (
                            "after",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                to="surveys.question",
                                verbose_name="only after",
                            ),
                        ),
                        (
                            "after_options",
                            models.JSONField(blank=True, default=list, verbose_name="if one of these was chosen"),
                        ),
                        ("options", models.JSONField(blank=True, default=list, verbose_name="keys of the options")),
                        (
                            "prompts",
                            models.JSONField(
                                default=dict,
                                help_text='{"en": {"prompt": "…", "low_label": "", "high_label": "", "options": {"key": "…"}}}',
                                verbose_name="words by language",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "further question",
                        "verbose_name_plural": "further questions",
                        "ordering": ["position", "id"],
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="Version",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "survey",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="versions",
                                to="surveys.survey",
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="number")),
                        ("content", models.JSONField(help_text="As surveys.content writes it.")),
                        ("digest", models.CharField(max_length=64)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="since")),
                        (
                            "created_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "version of a survey",
                        "verbose_name_plural": "versions of surveys",
                        "ordering": ["-number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("survey", "number"), name="version_number_once")
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="Invitation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "survey",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="invitations",
                                to="surveys.survey",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="surveys.version",
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="invitations",
                                to="surveys.contact",
                            ),
                        ),
                        ("token", models.CharField(max_length=22, unique=True)),
                        (
                            "key",
                            models.CharField(
                                help_text="Names the cause: one cause, one invitation.", max_length=200, unique=True
                            ),
                        ),
                        (
                            "mail",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="kpiproject.mail",
                            ),
                        ),
                        (
                            "rule",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="invitations",
                                to="surveys.sendingrule",
                            ),
                        ),
                        ("language", models.CharField(default="en", max_length=10, verbose_name="language")),
                        ("scale_min", models.SmallIntegerField()),
                        ("scale_max", models.SmallIntegerField()),
                        ("ticket", models.CharField(blank=True, max_length=200, verbose_name="ticket")),
                        ("ticket_source", models.CharField(blank=True, max_length=50)),
                        ("agent", models.CharField(blank=True, max_length=200, verbose_name="agent")),
                        ("team", models.CharField(blank=True, max_length=200, verbose_name="team")),
                        ("channel", models.CharField(blank=True, max_length=100, verbose_name="channel")),
                        ("category", models.CharField(blank=True, max_length=200, verbose_name="category")),
                        ("context", models.JSONField(blank=True, default=dict)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "send_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                help_text="When it is meant to leave; people are left alone counting from here.",
                            ),
                        ),
                        ("sent_at", models.DateTimeField(blank=True, null=True)),
                        ("bounced_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "clicked_at",
                            models.DateTimeField(
                                blank=True, help_text="The first click that does not look like a machine's.", null=True
                            ),
                        ),
                        (
                            "is_answered",
                            models.BooleanField(
                                default=False,
                                help_text="Of employees this is all that is known; their answers have no link to here.",
                            ),
                        ),
                        (
                            "misdirected_at",
                            models.DateTimeField(
                                blank=True, help_text="When somebody said that it was not meant for them.", null=True
                            ),
                        ),
                        ("expires_at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "invitation",
                        "verbose_name_plural": "invitations",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(fields=["sent_at"], name="invitation_sent"),
                            models.Index(
                                condition=models.Q(("sent_at__isnull", True)), fields=["id"], name="invitation_unsent"
                            ),
                            models.Index(
                                condition=models.Q(("sent_at__isnull", True)),
                                fields=["survey", "send_at"],
                                name="invitation_waiting",
                            ),
                            models.Index(fields=["survey", "-id"], name="invitation_survey"),
                            models.Index(fields=["ticket_source", "ticket"], name="invitation_ticket"),
                            models.Index(fields=["contact", "-send_at"], name="invitation_quiet"),
                            models.Index(
                                condition=models.Q(("rule__isnull", False)),
                                fields=["rule", "-id"],
                                name="invitation_rule",
                            ),
                        ],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="Click",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "invitation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="clicks",
                                to="surveys.invitation",
                            ),
                        ),
                        ("score", models.SmallIntegerField(blank=True, null=True)),
                        (
                            "sign",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "none"),
                                    ("head", "asked for the head only"),
                                    ("scanner", "names itself a robot"),
                                    ("trap", "opened a link that nobody sees"),
                                    ("too_fast", "opened within 5 seconds of the delivery"),
                                    ("two_scores", "chose two scores within 10 seconds"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "verbose_name": "click",
                        "verbose_name_plural": "clicks",
                        "ordering": ["-id"],
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="Skip",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "survey",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="skips", to="surveys.survey"
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="surveys.contact",
                            ),
                        ),
                        ("email", models.CharField(blank=True, max_length=254, verbose_name="address as given")),
                        (
                            "key",
                            models.CharField(
                                help_text="Names the cause, as an invitation's does.", max_length=200, unique=True
                            ),
                        ),
                        ("reason", models.CharField(max_length=30, verbose_name="reason")),
                        (
                            "rule",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="skips",
                                to="surveys.sendingrule",
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                    ],
                    options={
                        "verbose_name": "person not asked",
                        "verbose_name_plural": "people not asked",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(fields=["survey", "at"], name="skip_survey"),
                            models.Index(
                                condition=models.Q(("rule__isnull", False)), fields=["rule", "at"], name="skip_rule"
                            ),
                        ],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="QuietTime",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "person_days",
                            models.PositiveSmallIntegerField(
                                default=7,
                                validators=[django.core.validators.MaxValueValidator(730)],
                                verbose_name="nobody is asked anything within (days)",
                            ),
                        ),
                        (
                            "kind_days",
                            models.PositiveSmallIntegerField(
                                default=30,
                                validators=[django.core.validators.MaxValueValidator(730)],
                                verbose_name="nobody is asked the same kind within (days)",
                            ),
                        ),
                        (
                            "company_most",
                            models.PositiveSmallIntegerField(
                                default=0, verbose_name="at most so many people of one company"
                            ),
                        ),
                        (
                            "company_days",
                            models.PositiveSmallIntegerField(
                                default=28,
                                validators=[django.core.validators.MaxValueValidator(730)],
                                verbose_name="within (days)",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "quiet time",
                        "verbose_name_plural": "quiet time",
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("id", 1)), name="quiet_time_single")
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="Entrance",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "survey",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="entrances",
                                to="surveys.survey",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("kiosk", "kiosk"),
                                    ("widget", "widget on a web page"),
                                    ("code", "printed code"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "name",
                            models.CharField(
                                help_text="For example “Till 2” or “Order page”.", max_length=100, verbose_name="name"
                            ),
                        ),
                        (
                            "token",
                            models.CharField(
                                default=kpiproject.lib.tokens.new_token, editable=False, max_length=22, unique=True
                            ),
                        ),
                        ("team", models.CharField(blank=True, max_length=200, verbose_name="team")),
                        ("channel", models.CharField(blank=True, max_length=100, verbose_name="channel")),
                        (
                            "origins",
                            models.JSONField(
                                blank=True,
                                default=list,
                                help_text="Origins such as https://shop.example.com; no other page can.",
                                verbose_name="web pages that may show the widget",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="is on")),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    ],
                    options={
                        "verbose_name": "way in",
                        "verbose_name_plural": "ways in",
                        "ordering": ["survey", "name"],
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="Answer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "survey",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="surveys.survey"
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="surveys.version",
                            ),
                        ),
                        (
                            "invitation",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="answer",
                                to="surveys.invitation",
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="answers",
                                to="surveys.contact",
                            ),
                        ),
                        (
                            "entrance",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="surveys.entrance",
                            ),
                        ),
                        (
                            "origin",
                            models.CharField(
                                choices=[
                                    ("mail", "link in a mail"),
                                    ("public", "public link"),
                                    ("link", "signed link in a message"),
                                    ("kiosk", "kiosk"),
                                    ("widget", "widget on a web page"),
                                    ("code", "printed code"),
                                    ("import", "imported"),
                                ],
                                default="mail",
                                max_length=10,
                                verbose_name="way in",
                            ),
                        ),
                        (
                            "form_key",
                            models.CharField(
                                blank=True,
                                help_text="Names the form that was filled in without an invitation.",
                                max_length=22,
                            ),
                        ),
                        ("source", models.CharField(blank=True, max_length=50, verbose_name="source")),
                        ("external_id", models.CharField(blank=True, max_length=200, verbose_name="external id")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("csat", "Customer satisfaction (CSAT)"),
                                    ("nps", "Net Promoter Score (NPS)"),
                                    ("ces", "Customer effort (CES)"),
                                    ("esat", "Employee satisfaction"),
                                    ("enps", "Employee Net Promoter Score (eNPS)"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                        ("score", models.SmallIntegerField(verbose_name="score")),
                        ("scale_min", models.SmallIntegerField()),
                        ("scale_max", models.SmallIntegerField()),
                        ("lower_is_better", models.BooleanField(default=False)),
                        (
                            "standing",
                            models.SmallIntegerField(
                                help_text="1 good, 0 middle, -1 bad, by the thresholds in force; empty where there are none.",
                                null=True,
                            ),
                        ),
                        ("comment", models.TextField(blank=True, verbose_name="comment")),
                        (
                            "mark",
                            models.CharField(
                                blank=True,
                                choices=[("", "none"), ("praise", "praise"), ("complaint", "complaint")],
                                max_length=10,
                                verbose_name="mark",
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
                            "extra",
                            models.JSONField(
                                blank=True,
                                default=dict,
                                help_text="What else an imported row says.",
                                verbose_name="other columns",
                            ),
                        ),
                        (
                            "answered_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, help_text="The first time.", verbose_name="answered"
                            ),
                        ),
                        ("changed_at", models.DateTimeField(blank=True, null=True, verbose_name="changed")),
                    ],
                    options={
                        "verbose_name": "answer",
                        "verbose_name_plural": "answers",
                        "ordering": ["-answered_at"],
                        "indexes": [
                            models.Index(fields=["answered_at"], name="answer_when"),
                            models.Index(
                                condition=models.Q(("changed_at__isnull", False)),
                                fields=["changed_at"],
                                name="answer_changed",
                            ),
                            models.Index(fields=["survey", "-answered_at"], name="answer_survey"),
                            models.Index(
                                condition=models.Q(("comment", ""), _negated=True),
                                fields=["survey", "-answered_at", "-id"],
                                name="answer_with_words",
                            ),
                            models.Index(fields=["ticket_source", "ticket"], name="answer_ticket"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("score__gte", models.F("scale_min")), ("score__lte", models.F("scale_max"))
                                ),
                                name="answer_score_on_scale",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("form_key", ""), _negated=True),
                                fields=("survey", "form_key"),
                                name="answer_once_per_form",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("external_id", ""), _negated=True),
                                fields=("source", "external_id"),
                                name="answer_identity",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reply",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "answer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="replies", to="surveys.answer"
                            ),
                        ),
                        (
                            "question",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replies",
                                to="surveys.question",
                            ),
                        ),
                        ("number", models.SmallIntegerField(blank=True, null=True)),
                        ("text", models.TextField(blank=True)),
                        ("choices", models.JSONField(blank=True, default=list)),
                    ],
                    options={
                        "verbose_name": "reply to a further question",
                        "verbose_name_plural": "replies to further questions",
                        "constraints": [models.UniqueConstraint(fields=("answer", "question"), name="reply_once")],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="AnswerChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "answer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="surveys.answer"
                            ),
                        ),
                        ("score", models.SmallIntegerField()),
                        ("comment", models.TextField(blank=True)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="FactChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "about",
                            models.CharField(
                                blank=True, help_text="What counts at that instant; empty: both.", max_length=10
                            ),
                        ),
                    ],
                    options={
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="BounceReport",
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
                                    ("hard", "no such recipient"),
                                    ("soft", "could not be delivered just then"),
                                    ("refused", "refused because of us"),
                                    ("complaint", "called junk by its recipient"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "mail",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="bounce_reports",
                                to="kpiproject.mail",
                                verbose_name="mail",
                            ),
                        ),
                        ("recipient", models.EmailField(max_length=254, verbose_name="to")),
                        (
                            "status",
                            models.CharField(
                                blank=True,
                                help_text="As RFC 3463 has it, such as 5.1.1.",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "diagnostic",
                            models.CharField(blank=True, max_length=500, verbose_name="in the words of the server"),
                        ),
                        ("source", models.CharField(max_length=30, verbose_name="reported by")),
                        ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="reported")),
                    ],
                    options={
                        "verbose_name": "report of a mail that came back",
                        "verbose_name_plural": "reports of mails that came back",
                        "ordering": ["-id"],
                        "indexes": [models.Index(fields=["recipient", "at"], name="bounce_report_of")],
                        "constraints": [models.UniqueConstraint(fields=("mail", "kind"), name="bounce_report_once")],
                    },
                ),
                migrations.CreateModel(
                    name="FollowUp",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "survey",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="follow_ups",
                                to="surveys.survey",
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
                            models.DateTimeField(
                                help_text="Until when the customer is to be contacted.", verbose_name="due"
                            ),
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
                    ],
                    options={
                        "verbose_name": "follow-up",
                        "verbose_name_plural": "follow-ups",
                        "ordering": ["due_at", "id"],
                        "indexes": [
                            models.Index(fields=["state", "due_at"], name="follow_up_inbox"),
                            models.Index(fields=["assignee", "state"], name="follow_up_mine"),
                            models.Index(fields=["contact", "-opened_at"], name="follow_up_customer"),
                            models.Index(fields=["one_day_at"], name="follow_up_counted"),
                            models.Index(
                                condition=models.Q(("escalated_at__isnull", True), ("state", "new")),
                                fields=["escalate_at"],
                                name="follow_up_unclaimed",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("state", "new"), ("taken_at__isnull", False), _connector="OR"),
                                name="follow_up_taken_before_it_goes_on",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FollowUpAnswer",
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
                                on_delete=django.db.models.deletion.CASCADE, related_name="links", to="surveys.followup"
                            ),
                        ),
                        (
                            "answer",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="follow_up_link",
                                to="surveys.answer",
                            ),
                        ),
                        (
                            "is_recovery",
                            models.BooleanField(default=False, verbose_name="answers whether it was settled"),
                        ),
                        ("standing", models.SmallIntegerField(null=True)),
                        ("seen_at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "answer of a follow-up",
                        "verbose_name_plural": "answers of follow-ups",
                        "ordering": ["seen_at", "id"],
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="FollowUpNote",
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
                                on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="surveys.followup"
                            ),
                        ),
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
                        ("text", models.TextField(blank=True, verbose_name="text")),
                        (
                            "is_to_tell",
                            models.BooleanField(default=False, help_text="Somebody is still to be told of it by mail."),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                    ],
                    options={
                        "verbose_name": "note on a follow-up",
                        "verbose_name_plural": "notes on follow-ups",
                        "ordering": ["at", "id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("is_to_tell", True)), fields=["id"], name="follow_up_note_to_tell"
                            )
                        ],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="FollowUpTelling",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "note",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tellings",
                                to="surveys.followupnote",
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
                        (
                            "mail",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="kpiproject.mail",
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "verbose_name": "person told of a follow-up",
                        "verbose_name_plural": "people told of follow-ups",
                        "ordering": ["id"],
                        "indexes": [models.Index(fields=["recipient", "-at"], name="follow_up_told_lately")],
                        "constraints": [
                            models.UniqueConstraint(fields=("note", "recipient"), name="follow_up_told_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FollowUpRoute",
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
                                default=0, help_text="The lowest is tried first.", verbose_name="position"
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
                    ],
                    options={
                        "verbose_name": "route of follow-ups",
                        "verbose_name_plural": "routes of follow-ups",
                        "ordering": ["position", "id"],
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="FollowUpRules",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
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
                        (
                            "recovery_after_hours",
                            models.PositiveSmallIntegerField(
                                default=24,
                                validators=[django.core.validators.MaxValueValidator(720)],
                                verbose_name="the customer is asked after (hours)",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "rules of follow-ups",
                        "verbose_name_plural": "rules of follow-ups",
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("id", 1)), name="follow_up_rules_single")
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="Recovery",
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
                                related_name="recoveries",
                                to="surveys.followup",
                            ),
                        ),
                        ("ask_at", models.DateTimeField()),
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
                        ("reason", models.CharField(blank=True, max_length=30, verbose_name="why nobody was asked")),
                    ],
                    options={
                        "verbose_name": "question after a follow-up",
                        "verbose_name_plural": "questions after follow-ups",
                        "ordering": ["id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("invitation__isnull", True), ("reason", "")),
                                fields=["ask_at"],
                                name="recovery_to_ask",
                            ),
                            models.Index(
                                condition=models.Q(("answer__isnull", True), ("invitation__isnull", False)),
                                fields=["invitation"],
                                name="recovery_to_hear",
                            ),
                        ],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="SendingRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "survey",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="rules", to="surveys.survey"
                            ),
                        ),
                        ("name", models.CharField(max_length=100, verbose_name="name")),
                        (
                            "trigger",
                            models.CharField(
                                choices=[("ticket", "after a ticket was solved"), ("schedule", "on a schedule")],
                                max_length=10,
                                verbose_name="asks",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=False, verbose_name="is on")),
                        (
                            "weekdays",
                            models.JSONField(
                                default=surveys.models.sending.working_days,
                                help_text="0 is Monday.",
                                verbose_name="weekdays",
                            ),
                        ),
                        (
                            "from_time",
                            models.TimeField(default=surveys.models.sending.working_from, verbose_name="from"),
                        ),
                        ("to_time", models.TimeField(default=surveys.models.sending.working_until, verbose_name="to")),
                        (
                            "skips_holidays",
                            models.BooleanField(
                                default=True,
                                help_text="Those of the calendar by which business time is measured.",
                                verbose_name="not on holidays",
                            ),
                        ),
                        (
                            "sample_percent",
                            models.PositiveSmallIntegerField(
                                default=100,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                                verbose_name="how many of them are asked (percent)",
                            ),
                        ),
                        (
                            "filters",
                            models.JSONField(
                                blank=True,
                                default=dict,
                                help_text='By name, such as {"channel": ["chat"], "tier": ["gold"]}.',
                                verbose_name="only",
                            ),
                        ),
                        (
                            "delay_hours",
                            models.PositiveSmallIntegerField(
                                default=24,
                                validators=[django.core.validators.MaxValueValidator(336)],
                                verbose_name="hours after it was solved",
                            ),
                        ),
                        (
                            "since",
                            models.DateTimeField(
                                blank=True,
                                editable=False,
                                help_text="Nothing solved before is asked about.",
                                null=True,
                                verbose_name="on since",
                            ),
                        ),
                        (
                            "audience",
                            models.CharField(
                                choices=[
                                    ("customers", "customers"),
                                    ("contacts", "everybody who was ever asked"),
                                    ("agents", "our own people (agents)"),
                                ],
                                default="customers",
                                max_length=10,
                                verbose_name="whom",
                            ),
                        ),
                        (
                            "every",
                            models.PositiveSmallIntegerField(
                                default=3,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(60),
                                ],
                                verbose_name="every",
                            ),
                        ),
                        (
                            "unit",
                            models.CharField(
                                choices=[("week", "weeks"), ("month", "months")],
                                default="month",
                                max_length=10,
                                verbose_name="unit",
                            ),
                        ),
                        ("starts_on", models.DateField(blank=True, null=True, verbose_name="for the first time on")),
                        ("at", models.TimeField(default=surveys.models.sending.asking_at, verbose_name="at")),
                        (
                            "waves",
                            models.PositiveSmallIntegerField(
                                default=1,
                                help_text="Each time another group is asked, so that answers come all year round.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(52),
                                ],
                                verbose_name="groups",
                            ),
                        ),
                        (
                            "customer_since",
                            models.DateField(blank=True, null=True, verbose_name="customers since, or longer"),
                        ),
                        (
                            "next_due",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="next time"),
                        ),
                        ("next_round", models.PositiveIntegerField(default=0, editable=False)),
                        ("lease_until", models.DateTimeField(blank=True, editable=False, null=True)),
                        ("lease_token", models.CharField(blank=True, editable=False, max_length=32)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    ],
                    options={
                        "verbose_name": "sending rule",
                        "verbose_name_plural": "sending rules",
                        "ordering": ["name", "id"],
                        "indexes": [
                            models.Index(condition=models.Q(("is_active", True)), fields=["next_due"], name="rule_due")
                        ],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="Mailing",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "survey",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="mailings",
                                to="surveys.survey",
                            ),
                        ),
                        (
                            "token",
                            models.CharField(
                                default=kpiproject.lib.tokens.new_token, editable=False, max_length=22, unique=True
                            ),
                        ),
                        ("file_name", models.CharField(max_length=255, verbose_name="file")),
                        ("rows", models.JSONField(default=list)),
                        ("bad_rows", models.JSONField(default=list)),
                        ("row_count", models.PositiveIntegerField(default=0)),
                        ("done_count", models.PositiveIntegerField(default=0)),
                        ("queued_count", models.PositiveIntegerField(default=0)),
                        ("skipped", models.JSONField(default=dict, verbose_name="skipped by reason")),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "created_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
                        ("problem", models.CharField(blank=True, max_length=300)),
                        ("lease_until", models.DateTimeField(blank=True, null=True)),
                        ("lease_token", models.CharField(blank=True, max_length=32)),
                    ],
                    options={
                        "verbose_name": "mailing from a file",
                        "verbose_name_plural": "mailings from files",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("confirmed_at__isnull", False), ("finished_at__isnull", True)),
                                fields=["confirmed_at"],
                                name="mailing_waiting",
                            )
                        ],
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
                            "invitation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reminders",
                                to="surveys.invitation",
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        (
                            "mail",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="kpiproject.mail",
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "verbose_name": "reminder",
                        "verbose_name_plural": "reminders",
                        "constraints": [
                            models.UniqueConstraint(fields=("invitation", "number"), name="survey_reminder_once")
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="Tally",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "survey",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="surveys.survey",
                            ),
                        ),
                        ("day", models.DateField()),
                        ("dimension", models.CharField(blank=True, max_length=20)),
                        ("member", models.CharField(blank=True, max_length=200)),
                        ("n", models.IntegerField(default=0)),
                        ("good", models.IntegerField(default=0)),
                        ("middle", models.IntegerField(default=0)),
                        ("bad", models.IntegerField(default=0)),
                        ("commented", models.IntegerField(default=0)),
                        ("scored", models.IntegerField(default=0)),
                        ("total", models.BigIntegerField(default=0)),
                        ("square", models.BigIntegerField(default=0)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["day", "dimension"], name="tally_day")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("survey", "dimension", "day", "member"), name="tally_identity"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TallyMark",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("about", models.CharField(blank=True, max_length=10)),
                    ],
                    options={
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="TallyState",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("zone", models.CharField(blank=True, max_length=64)),
                        ("lease_until", models.DateTimeField(null=True)),
                        ("lease_token", models.CharField(blank=True, max_length=22)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("id", 1)), name="tally_state_single")
                        ],
                        "indexes": [],
                    },
                ),
            ],
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
        migrations.RunPython(index_words, migrations.RunPython.noop),
        migrations.RunPython(create_starters, migrations.RunPython.noop),
    ]
