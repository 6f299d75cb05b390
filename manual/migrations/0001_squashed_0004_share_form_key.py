"""All of this app's tables and first rows in one step, for new databases. Databases that have taken some of the steps
this replaces take the rest of those, so they stay; so do their names in the dependencies."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import kpiproject.lib.tokens
import manual.models.edition
from kpiproject import roles
from kpiproject.tables import CreateModels
from manual import starter


def grant(apps, schema_editor):
    managers = roles.everything("section")
    # Published editions and what sections said stay as they are.
    managers |= {"view_sectionversion", "view_edition", "add_edition", "view_share", "add_share", "change_share"}
    roles.grant(apps, "manual", {roles.STAFF: {"view_edition"}, roles.MANAGERS: managers})


def add_starter_sections(apps, schema_editor):
    starter.add_missing(apps.get_model("manual", "Section").objects, apps.get_model("manual", "SectionVersion").objects)


class Migration(migrations.Migration):
    replaces = [
        ("manual", "0001_initial"),
        ("manual", "0002_roles"),
        ("manual", "0003_starter_sections"),
        ("manual", "0004_share_form_key"),
    ]

    initial = True

    dependencies = [
        ("kpiproject", "0002_roles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Edition",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField(unique=True, verbose_name="edition")),
                        ("note", models.TextField(blank=True, verbose_name="what has changed")),
                        ("content", models.JSONField()),
                        ("figures", models.JSONField(default=dict)),
                        ("digest", models.CharField(max_length=64)),
                        ("as_of", models.DateTimeField(verbose_name="figures as of")),
                        (
                            "published_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="published"),
                        ),
                        (
                            "published_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="published by",
                            ),
                        ),
                        ("pdf", models.FileField(blank=True, upload_to=manual.models.edition.pdf_path)),
                        ("pdf_error", models.CharField(blank=True, max_length=400)),
                        ("pdf_attempts", models.PositiveSmallIntegerField(default=0)),
                        ("lease_until", models.DateTimeField(blank=True, null=True)),
                        ("lease_token", models.CharField(blank=True, max_length=32)),
                    ],
                    options={
                        "verbose_name": "edition",
                        "verbose_name_plural": "editions",
                        "ordering": ["-number"],
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="Share",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "edition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shares",
                                to="manual.edition",
                                verbose_name="edition",
                            ),
                        ),
                        (
                            "token",
                            models.CharField(
                                default=kpiproject.lib.tokens.new_token, editable=False, max_length=22, unique=True
                            ),
                        ),
                        (
                            "form_key",
                            models.CharField(
                                default=kpiproject.lib.tokens.new_token, editable=False, max_length=22, unique=True
                            ),
                        ),
                        ("name", models.CharField(max_length=150, verbose_name="for whom")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail address")),
                        ("expires_at", models.DateTimeField(verbose_name="expires")),
                        (
                            "revoked_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="revoked"),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="created")),
                        ("views", models.PositiveIntegerField(default=0, editable=False, verbose_name="opened")),
                        (
                            "last_seen_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="last opened"),
                        ),
                    ],
                    options={
                        "verbose_name": "share link",
                        "verbose_name_plural": "share links",
                        "ordering": ["-id"],
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="Section",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "slug",
                            models.SlugField(
                                help_text="Part of the address.", max_length=60, unique=True, verbose_name="short name"
                            ),
                        ),
                        (
                            "chapter",
                            models.CharField(
                                blank=True, help_text="What is generated; empty for prose only.", max_length=40
                            ),
                        ),
                        ("title", models.CharField(max_length=120, verbose_name="title")),
                        ("position", models.PositiveSmallIntegerField(default=100, verbose_name="order")),
                        ("text", models.TextField(blank=True, help_text="Markdown.", verbose_name="text")),
                        ("is_shown", models.BooleanField(default=True, verbose_name="part of the manual")),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("updated_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="changed")),
                        (
                            "updated_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="changed by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "section",
                        "verbose_name_plural": "sections",
                        "ordering": ["position", "id"],
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="SectionVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "section",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="versions",
                                to="manual.section",
                            ),
                        ),
                        ("version", models.PositiveIntegerField()),
                        ("title", models.CharField(max_length=120)),
                        ("text", models.TextField(blank=True)),
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
                    ],
                    options={
                        "verbose_name": "version of a section",
                        "verbose_name_plural": "versions of sections",
                        "ordering": ["-version"],
                        "constraints": [
                            models.UniqueConstraint(fields=("section", "version"), name="section_version_identity")
                        ],
                        "indexes": [],
                    },
                ),
            ],
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
        migrations.RunPython(add_starter_sections, migrations.RunPython.noop),
    ]
