"""The index is written with an edition, kept by the database, and made anew when somebody asks for it."""

from importlib import import_module
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from kpiproject.documents import tree
from manual import editions, indexing
from manual.models import Edition, Passage
from tests.factories import EditionFactory, SectionFactory, ServiceTargetFactory
from tests.manual.documents import section
from tests.manual.searched import KPIS, searchable

pytestmark = pytest.mark.django_db


def count_of(table: str, words: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {table} MATCH %s", [words])  # noqa: S608 - a table of ours
        return int(cursor.fetchone()[0])


def rows(edition: Edition) -> list[tuple[Any, ...]]:
    names = [field.attname for field in Passage._meta.concrete_fields if field.name != "id"]
    return list(Passage.objects.filter(edition=edition).values_list(*names))


def test_publishing_writes_the_index_and_leaves_that_of_older_editions() -> None:
    ServiceTargetFactory()  # without one, a key chapter would be empty
    mine = SectionFactory(slug="mine", title="Mine", text="First words.")
    first = editions.publish(by=None, number=1)
    before = rows(first)
    assert Passage.objects.get(edition=first, anchor="mine").own_words == "first words"
    type(mine).objects.filter(pk=mine.pk).update(text="Second words.")
    second = editions.publish(by=None, number=2)
    assert Passage.objects.get(edition=second, anchor="mine").own_words == "second words"
    assert rows(first) == before


def test_an_edition_that_is_not_published_has_no_index(monkeypatch) -> None:
    def fail(_edition: Edition) -> None:
        raise RuntimeError

    ServiceTargetFactory()
    SectionFactory(slug="mine", text="Words.")
    monkeypatch.setattr(indexing, "index", fail)
    with pytest.raises(RuntimeError):
        editions.publish(by=None, number=1)
    assert (Edition.objects.count(), Passage.objects.count()) == (0, 0)


def test_the_command_makes_the_same_index_anew() -> None:
    made = [searchable(KPIS), searchable(section("a", tree.paragraph("Words.")))]
    before = [rows(edition) for edition in made]
    Passage.objects.filter(edition=made[0]).delete()
    Passage.objects.update(own_words="damaged")
    out = StringIO()
    call_command("index_manual", stdout=out)
    assert out.getvalue() == "Edition 1: 3 passages\nEdition 2: 1 passages\n"
    assert [rows(edition) for edition in made] == before


def test_the_migration_indexes_editions_that_were_published_before() -> None:
    made = searchable(KPIS)
    before = rows(made)
    EditionFactory(content={})
    Passage.objects.all().delete()
    import_module("manual.migrations.0014_passages").index_editions(apps, None)
    assert rows(made) == before
    assert Passage.objects.count() == len(before)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a rule of SQLite's tables")
@pytest.mark.parametrize("table", [table.name for table in indexing.TABLES])
def test_tables_of_words_agree_with_the_passages(table: str) -> None:
    made = searchable(KPIS)
    searchable(section("a", tree.paragraph("Words.")))
    indexing.index_anew(made)
    Passage.objects.filter(kind="kpi").delete()
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")  # noqa: S608 - a table of ours
    assert count_of(table, "words OR speed OR resolution") == 2


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its columns by itself")
def test_tables_of_words_are_made_anew_where_they_were_lost() -> None:
    searchable(section("a", tree.paragraph("Words.")))
    with connection.cursor() as cursor:
        for table in indexing.TABLES:
            cursor.execute(f"DROP TABLE {table.name}")
    indexing.keep_after_migrations(using="default")
    assert [count_of(table.name, "words") for table in indexing.TABLES] == [1, 1]
