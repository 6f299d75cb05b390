import django.db.models.deletion
from django.db import migrations, models

from manual import passages

# The words of a passage as they are, and by their stems in the language of the edition.
_PARTS = (("name_words", "A"), ("own_words", "B"), ("context_words", "C"))
_LANGUAGES = {"en": "english", "de": "german", "fr": "french", "es": "spanish"}


def _vector(configuration):
    return " || ".join(f"setweight(to_tsvector('{configuration}', {name}), '{weight}')" for name, weight in _PARTS)


def index_words(apps, schema_editor):
    """On PostgreSQL; what SQLite has instead, manual.indexing keeps."""
    if schema_editor.connection.vendor != "postgresql":
        return
    stems = " ".join(f"WHEN '{code}' THEN {_vector(name)}" for code, name in _LANGUAGES.items())
    for name, said in (("words", _vector("simple")), ("stems", f"CASE language {stems} ELSE ''::tsvector END")):
        schema_editor.execute(
            f"ALTER TABLE manual_passage ADD COLUMN {name} tsvector NOT NULL GENERATED ALWAYS AS ({said}) STORED"
        )
        schema_editor.execute(f"CREATE INDEX passage_{name} ON manual_passage USING GIN ({name})")


def index_editions(apps, schema_editor):
    passage = apps.get_model("manual", "Passage")
    for edition in apps.get_model("manual", "Edition").objects.order_by("number").iterator(chunk_size=1):
        found = passages.passages(edition.content, edition.figures)
        passage.objects.bulk_create([passage(edition=edition, **each._asdict()) for each in found])


class Migration(migrations.Migration):
    dependencies = [("manual", "0013_sharing_roles")]

    operations = [
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("section", "Section"),
                            ("kpi", "KPI"),
                            ("heading", "Heading"),
                            ("table", "Table"),
                            ("note", "Remark"),
                            ("text", "Text"),
                        ],
                        max_length=7,
                    ),
                ),
                ("slug", models.CharField(max_length=60)),
                ("number", models.CharField(blank=True, max_length=20)),
                ("title", models.TextField()),
                ("heading", models.TextField(blank=True)),
                ("also", models.TextField(blank=True)),
                ("anchor", models.TextField()),
                ("text", models.TextField(blank=True)),
                ("language", models.CharField(blank=True, max_length=8)),
                ("name_words", models.TextField(blank=True)),
                ("own_words", models.TextField(blank=True)),
                ("context_words", models.TextField(blank=True)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="passages", to="manual.edition"
                    ),
                ),
            ],
            options={
                "verbose_name": "passage of an edition",
                "verbose_name_plural": "passages of editions",
                "ordering": ["edition", "position"],
                "constraints": [models.UniqueConstraint(fields=("edition", "position"), name="passage_identity")],
            },
        ),
        migrations.RunPython(index_words, migrations.RunPython.noop),
        migrations.RunPython(index_editions, migrations.RunPython.noop),
    ]
