import pytest
from django.db import connection

from surveys import search
from surveys.models import Answer
from tests.factories import SurveyFactory
from tests.surveys.counted import give

pytestmark = pytest.mark.django_db


def found(text: str) -> set[str]:
    return set(search.matching(Answer.objects.all(), text).values_list("comment", flat=True))


@pytest.mark.parametrize(
    ("text", "comments"),
    [
        ("reply", {"Slow reply", "A reply at last"}),
        ("REPLY slow", {"Slow reply"}),  # every word, in any order, whatever the case
        ("rep", {"Slow reply", "A reply at last"}),  # beginnings of words
        ("eply", set()),
        ("grüße", {"Viele Grüße 😀"}),
        ("last OR slow", set()),  # "or" is a word like any other
        ('"slow', {"Slow reply"}),
        ("slow*) -reply:", {"Slow reply"}),
        ("'; DROP TABLE surveys_answer", set()),
        ("", set()),
        ("  😀 ", set()),
    ],
)
def test_words_are_found_by_their_beginnings(text, comments):
    survey = SurveyFactory()
    for comment in ("Slow reply", "A reply at last", "Viele Grüße 😀", ""):
        give(survey, [3], comment=comment)
    assert found(text) == comments


def test_what_is_changed_or_erased_is_found_no_more():
    [answer] = give(SurveyFactory(), [3], comment="secret")
    Answer.objects.filter(pk=answer.pk).update(comment="other")
    assert (found("secret"), found("other")) == (set(), {"other"})
    Answer.objects.filter(pk=answer.pk).update(comment="")
    assert found("other") == set()
    Answer.objects.filter(pk=answer.pk).update(comment="again")
    assert found("again") == {"again"}
    Answer.objects.all().delete()
    assert found("again") == set()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its index by itself")
def test_table_of_words_is_made_anew_where_its_triggers_were_lost():
    """As after a migration that makes the table of answers anew."""
    give(SurveyFactory(), [3], comment="before")
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER answersearch_insert")
    give(SurveyFactory(), [3], comment="meanwhile")
    assert found("meanwhile") == set()
    search.keep(connection)
    give(SurveyFactory(), [3], comment="after")
    assert (found("before"), found("meanwhile"), found("after")) == ({"before"}, {"meanwhile"}, {"after"})


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a rule of SQLite's table")
def test_table_of_words_agrees_with_the_answers():
    give(SurveyFactory(), [3, 4], comment="some words")
    Answer.objects.filter(score=3).update(comment="")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO answersearch (answersearch) VALUES ('integrity-check')")
        cursor.execute("SELECT count(*) FROM answersearch WHERE answersearch MATCH 'words'")
        assert cursor.fetchone() == (1,)
