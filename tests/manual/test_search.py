"""What is found, in which order, and that both databases find the same."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpiproject.documents import markdown, tree
from manual import indexing, rendering, search
from manual.models import Edition, Passage
from manual.wanted import read
from tests.manual.documents import section
from tests.manual.searched import FIGURES, KPIS, searchable

pytestmark = pytest.mark.django_db

PROSE = """We answer every question. Réponses et résumés are welcome; the Straße is closed.

## Complaints by e-mail

An unhappy customer gets an answer within 24 hours. We never blame them.

## <script>alert(1)</script> & co

Nothing was resolved here: *response* `time`.

| Tier | Promise |
| --- | --- |
| Gold | Four hours |
| Silver | One day |
"""
PROMISE = section("promise", *markdown.parse(PROSE, anchor_prefix="promise"), title="Our promise")
_SEE = tree.inlines("See ", tree.link("Resolution time", "#kpi-resolution-time"))
GLOSSARY = section(
    "glossary",
    tree.table("Words", ["Word", "Meaning"], [[tree.inlines(tree.strong("Response time (average)")), _SEE]]),
    number="3",
)


@pytest.fixture
def latest() -> Edition:
    cache.clear()
    return searchable(PROMISE, KPIS, GLOSSARY)


def found(text: str, edition: Edition, *, everywhere: bool = False) -> list[str]:
    """The anchors."""
    places = search.places(read(text), edition=edition, everywhere=everywhere)
    anchors = dict(Passage.objects.values_list("pk", "anchor"))
    return [anchors[place.pk] for place in places]


@pytest.mark.parametrize(
    ("text", "anchors"),
    [
        ("resolution time", ["kpi-resolution-time", "glossary.1.1"]),
        ("response time", ["kpi-resolution-time", "glossary.1.1", "promise-script-alert-1-script-co"]),
        ("resolution_time", ["kpi-resolution-time", "glossary.1.1"]),
        ("resol", ["kpi-resolution-time", "promise-script-alert-1-script-co", "glossary.1.1"]),
        ("RESOLUTION", ["kpi-resolution-time", "glossary.1.1"]),
        ("complaint", ["promise-complaints-by-e-mail"]),  # another form of the word
        ("answering", ["promise", "promise-complaints-by-e-mail"]),
        ("question answer", ["promise"]),
        ('"every question"', ["promise"]),
        ('"question every"', []),
        ("reponses resume", ["promise"]),  # without accents
        ("RÉSUMÉS", ["promise"]),
        ("strasse", ["promise"]),
        ("e-mail", ["promise-complaints-by-e-mail"]),
        ("email", ["promise-complaints-by-e-mail"]),
        ("gold hours", ["promise-script-alert-1-script-co.2.1"]),  # words of one row, not of two
        ("gold day", []),
        ("silver promise", ["promise-script-alert-1-script-co.2.2"]),  # the promise is the name of the column
        ("our promise", ["promise", "promise-script-alert-1-script-co.2"]),
        ("how do we answer", ["promise", "promise-complaints-by-e-mail"]),
        ("swer", []),
        ("24 hours", ["promise-complaints-by-e-mail"]),
        ("script alert", ["promise-script-alert-1-script-co"]),
        ("solved", ["kpi-resolution-time"]),
        ("kpis", ["our-kpis"]),  # not everything in the section
    ],
)
def test_what_is_found(latest: Edition, text: str, anchors: list[str]) -> None:
    assert found(text, latest) == anchors


@pytest.mark.parametrize("text", ["resolution time month", "month resolution time", "by month, the resolution time?"])
def test_a_kpi_whose_name_is_among_the_words_comes_before_what_speaks_of_it(text: str) -> None:
    spoken = section("spoken", tree.paragraph("The resolution time is told by month."), title="By month")
    assert found(text, searchable(spoken, KPIS))[:2] == ["kpi-resolution-time", "spoken"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        '"',
        '""',
        "*",
        "AND",
        "a AND",
        "NOT zzz",
        "(",
        "name_words : x",
        "'; DROP TABLE x",
        "😀",
        "-",
        ":*",
        "&|!",
        "\\",
    ],
)
def test_no_syntax_is_wrong(latest: Edition, text: str) -> None:
    assert found(text, latest) == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_whatever_is_typed_has_an_answer(latest: Edition, text: str) -> None:
    assert isinstance(found(text, latest, everywhere=True), list)


def test_every_heading_and_every_kpi_is_found_at_its_place(latest: Edition) -> None:
    ids = set(re.findall(r'\sid="([^"]+)"', rendering.of_edition(latest).body))
    names = [
        *((each["title"], each["anchor"]) for each in latest.content["sections"]),
        *(
            (tree.words_of(block["inlines"]), block["anchor"])
            for each in latest.content["sections"]
            for block in each["blocks"]
            if block["is"] == "heading"
        ),
    ]
    assert len(names) == 7
    for name, anchor in names:
        assert anchor in found(name, latest), name
    assert {anchor for _name, anchor in names} <= ids
    assert set(Passage.objects.values_list("anchor", flat=True)) <= ids


def test_only_the_edition_that_was_asked_for_is_searched(latest: Edition) -> None:
    newer = searchable(section("promise", tree.paragraph("We answer at once."), title="Our promise"))
    for edition in (latest, newer):
        places = search.places(read("answer"), edition=edition)
        assert {place.edition for place in places} == {edition.number}
        assert {place.others for place in places} == {()}
    assert found("complaint", newer) == []


def test_everywhere_the_edition_that_is_read_comes_first_and_others_are_named(latest: Edition) -> None:
    second = searchable(PROMISE)
    third = searchable(section("promise", tree.paragraph("We answer at once."), title="Our promise"))
    places = search.places(read("answer"), edition=third, everywhere=True)
    assert [(place.edition, place.others) for place in places] == [
        (third.number, (second.number, latest.number)),
        (2, (1,)),
    ]
    places = search.places(read("answer"), edition=latest, everywhere=True)
    assert [(place.edition, place.others) for place in places] == [(1, (3, 2)), (1, (2,))]


def test_publishing_again_leaves_the_hits_of_older_editions(latest: Edition) -> None:
    before = found("answer", latest)
    searchable(section("other", tree.paragraph("We answer.")))
    assert found("answer", latest) == before


@pytest.mark.parametrize(
    ("language", "text", "is_found"),
    [
        ("en", "tickets", True),
        ("en-gb", "tickets", True),
        ("pl", "tickets", False),  # there are no stems of this language; the words as they are
        ("pl", "ticket", True),
        ("pl", "bil", True),
        ("", "ticket", True),
    ],
)
def test_stems_are_those_of_the_language_of_the_edition(language: str, text: str, is_found: bool) -> None:
    made = searchable(section("a", tree.paragraph("One ticket, dwa bilety.")))
    Edition.objects.filter(pk=made.pk).update(content=made.content | {"language": language})
    made = Edition.objects.get(pk=made.pk)
    indexing.index_anew(made)
    assert (found(text, made) == ["a"]) is is_found


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows the stems of English only")
def test_postgresql_knows_stems_of_other_languages() -> None:
    made = searchable(section("a", tree.paragraph("Die Häuser der Kundinnen.")))
    Edition.objects.filter(pk=made.pk).update(content=made.content | {"language": "de"})
    made = Edition.objects.get(pk=made.pk)
    indexing.index_anew(made)
    assert (found("Haus", made), found("Kundin", made), found("hauses", made)) == (["a"], ["a"], ["a"])


@pytest.mark.parametrize(
    ("typed", "corrected"),
    [
        ("resoluton", "resolution"),
        ("unhapy custommer", "unhappy customer"),
        ("unhapy anser", "unhappy answer"),
        ("compl", None),  # the beginning of a word is no mistake
        ("xylophone", None),
        ("old", None),  # another word: nobody errs at the first letter
        ("tim", None),
        ("1234567", None),
    ],
)
def test_typing_errors_are_forgiven(latest: Edition, typed: str, corrected: str | None) -> None:
    nearest = search.corrected(read(typed), search.vocabulary(latest))
    assert (nearest.name if nearest else None) == corrected


def test_a_hit_tells_where_it_is_and_shows_the_words(latest: Edition) -> None:
    asked = read("response time")
    first, _word, last = search.hits(search.places(asked, edition=latest), asked)
    assert (first.passage.kind, first.passage.number, first.title, first.heading, first.also) == (
        "kpi",
        "2",
        "Our KPIs",
        "Resolution <mark>time</mark>",
        "<mark>Response</mark> <mark>time</mark> (average)",
    )
    told = ("How long it takes.", "Formula: solved − asked", "Resolution time, by month", "By month", "Month | Value")
    assert first.excerpt == " · ".join((*told, "May | 8 h"))
    assert (last.heading, last.excerpt) == (
        "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co",
        "Nothing was resolved here: <mark>response</mark> <mark>time</mark>.",
    )


def test_hits_are_read_at_once(latest: Edition, django_assert_num_queries) -> None:
    for text in ("response time", "strasse"):
        asked = read(text)
        with django_assert_num_queries(2):
            search.hits(search.places(asked, edition=latest), asked)


def test_contents_are_sections_and_kpis(latest: Edition) -> None:
    contents = search.contents(latest)
    assert [(row.number, row.title, row.anchor) for row in contents.sections] == [
        ("1", "Our promise", "promise"),
        ("2", "Our KPIs", "our-kpis"),
        ("3", "Glossary", "glossary"),
    ]
    assert [row.heading for row in contents.kpis] == ["Resolution time"]


@pytest.mark.parametrize(
    ("text", "is_similar"),
    [("resolving time", True), ("time", True), ("respons tim", True), ("weather", False), ("", False)],
)
def test_similar_names(latest: Edition, text: str, is_similar: bool) -> None:
    assert bool(search.similar(search.contents(latest).kpis, text)) is is_similar


def test_others_are_named_up_to_three() -> None:
    made = [searchable(section("a", tree.paragraph("Word.")), figures=FIGURES) for _n in range(6)]
    asked = read("word")
    [hit] = search.hits(search.places(asked, edition=made[-1], everywhere=True), asked)
    assert (hit.edition, hit.nearest_others, hit.count_more) == (6, (5, 4, 3), 2)
