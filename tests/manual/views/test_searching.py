import html
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kpiproject.documents import tree
from tests.factories import StaffFactory, UserFactory
from tests.kpiproject.security import faults
from tests.manual.documents import section
from tests.manual.searched import KPIS, searchable

pytestmark = pytest.mark.django_db
MANY = section("many", *(tree.heading(1, f"Ticket {n}", f"many-ticket-{n}") for n in range(45)))


@pytest.fixture
def staff(client: Client) -> Client:
    cache.clear()
    client.force_login(StaffFactory())
    return client


def words(response) -> str:
    """What stands in the page, without tags."""
    text = response.content.decode().partition("<main")[2].partition("</main>")[0].partition(">")[2]
    text = re.sub(r"</?(?:mark|strong)>", "", text)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def links(response) -> list[str]:
    """Where the hits lead to."""
    return re.findall(r'<h2><a href="([^"]+)"', response.content.decode())


def test_hits_lead_to_their_place_in_the_edition_in_force(staff: Client) -> None:
    searchable(section("promise", tree.paragraph("Old words.")))
    searchable(section("promise", tree.paragraph("New words.")), KPIS)
    response = staff.get("/manual/search/?q=words")
    assert links(response) == ["/manual/#promise"]
    assert "1 place in Edition 2. Look in all editions 1 Promise New words." in words(response)
    assert "<p>New <mark>words</mark>.</p>" in response.content.decode()
    assert faults(response) == []


def test_an_older_edition_is_searched_where_it_is_read(staff: Client) -> None:
    searchable(section("promise", tree.paragraph("Old words.")))
    searchable(section("promise", tree.paragraph("New words.")))
    response = staff.get("/manual/search/?q=words&edition=1")
    assert links(response) == ["/manual/editions/1/#promise"]
    assert '<option value="1" selected>Edition 1</option>' in response.content.decode()
    assert '<input type="hidden" name="edition" value="1">' in staff.get("/manual/editions/1/").content.decode()
    assert 'name="edition"' not in staff.get("/manual/").content.decode()


def test_all_editions_are_searched_and_older_ones_named(staff: Client) -> None:
    searchable(section("promise", tree.paragraph("Words."), tree.heading(1, "Gone", "promise-gone")))
    searchable(section("promise", tree.paragraph("Words.")))
    response = staff.get("/manual/search/?q=words&edition=all")
    assert links(response) == ["/manual/#promise"]
    assert "1 place in all editions. 1 Promise Words. Also in edition 1" in words(response)
    gone = staff.get("/manual/search/?q=gone&edition=all")
    assert links(gone) == ["/manual/editions/1/#promise-gone"]
    assert "Gone in edition 1" in words(gone)
    assert links(staff.get("/manual/search/?q=gone")) == []


def test_typing_errors_are_told(staff: Client) -> None:
    searchable(section("promise"), KPIS)
    response = staff.get("/manual/search/?q=resoluton+tme")
    assert links(response) == ["/manual/#kpi-resolution-time"]
    assert "Nothing has “resoluton tme”. This is what was found for resolution time. 1 place" in words(response)


@pytest.mark.parametrize("query", ["", "?q=", "?q=++"])
def test_without_words_the_contents_are_shown(staff: Client, query: str) -> None:
    searchable(section("promise"), KPIS)
    said = words(staff.get(f"/manual/search/{query}"))
    assert "All words that you type must be there" in said
    assert "What Edition 1 has 1 Promise 2 Our KPIs Its KPIs Resolution time" in said


def test_where_nothing_is_found_something_like_it_is_offered(staff: Client) -> None:
    searchable(section("promise", tree.paragraph("Words.")), KPIS)
    response = staff.get("/manual/search/", {"q": "words <b>time</b> xyz"})
    said = words(response)
    assert (
        "Nothing was found for “words <b>time</b> xyz”. Look in all editions Look for one word of it: words , time"
        in said
    )
    assert "KPIs with similar names Resolution time What Edition 1 has" in said
    assert 'href="?q=time"' in response.content.decode()
    assert "<b>time" not in response.content.decode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"q": "words", "edition": "99"}, "There is no edition “99”."),
        ({"q": "words", "edition": "²"}, "There is no edition “²”."),
        ({"q": "words", "edition": "nonsense"}, "There is no edition “nonsense”."),
        ({"q": "w" * 201}, "Ensure this value has at most 200 characters (it has 201)."),
        ({"q": "words\0"}, "Null characters are not allowed."),
    ],
)
def test_nonsense_is_told_at_its_field(staff: Client, data: dict[str, str], sentence: str) -> None:
    searchable(section("promise", tree.paragraph("Words.")))
    response = staff.get("/manual/search/", data)
    assert response.status_code == 200
    assert re.findall(r'class="field-error"[^>]*>([^<]+)<', response.content.decode()) == [sentence]


def test_pages_of_hits(staff: Client) -> None:
    searchable(MANY)
    first, last = staff.get("/manual/search/?q=ticket"), staff.get("/manual/search/?q=ticket&page=3")
    assert links(first) == [f"/manual/#many-ticket-{n}" for n in range(20)]
    assert links(last) == [f"/manual/#many-ticket-{n}" for n in range(40, 45)]
    assert "45 places in Edition 1." in words(first)
    assert 'href="?q=ticket&amp;page=2"' in first.content.decode()
    assert '<ol class="search-hits" start="41">' in last.content.decode()
    assert links(staff.get("/manual/search/?q=ticket&page=nonsense")) == links(first)


def test_number_of_queries_does_not_grow_with_the_hits(staff: Client) -> None:
    searchable(MANY)
    staff.get("/manual/search/?q=ticket")  # what is asked once only
    counts = []
    for query in ("ticket+7", "ticket", "ticket+7&edition=all", "ticket&edition=all"):
        with CaptureQueriesContext(connection) as queries:
            staff.get(f"/manual/search/?q={query}")
        counts.append(len(queries))
    few, many, few_everywhere, many_everywhere = counts
    assert few == many
    assert few_everywhere == many_everywhere == few + 1  # the numbers of the editions


def test_an_edition_that_is_not_in_force_yet_is_searched_when_it_is_asked_for(staff: Client) -> None:
    later = timezone.now().date() + timedelta(days=9)
    searchable(section("promise", tree.paragraph("Words.")), effective_from=later)
    assert "The first edition is published and in force from" in words(staff.get("/manual/search/?q=words"))
    assert links(staff.get("/manual/search/?q=words&edition=1")) == ["/manual/editions/1/#promise"]


def test_before_the_first_edition_there_is_a_kind_sentence(staff: Client) -> None:
    assert "The manual is still being written" in words(staff.get("/manual/search/?q=words"))


def test_who_may_not_read_may_not_search(client: Client) -> None:
    searchable(section("promise", tree.paragraph("Words.")))
    assert client.get("/manual/search/?q=words")["Location"] == "/accounts/login/?next=/manual/search/%3Fq%3Dwords"
    client.force_login(UserFactory())
    assert client.get("/manual/search/?q=words").status_code == 403
    client.force_login(StaffFactory())
    assert client.post("/manual/search/", {"q": "words"}).status_code == 405


def test_no_search_engine_keeps_the_page_and_readers_find_the_field(staff: Client) -> None:
    searchable(section("promise", tree.paragraph("Words.")))
    assert '<meta name="robots" content="noindex">' in staff.get("/manual/search/?q=words").content.decode()
    for path in ("/manual/", "/manual/promise/", "/manual/editions/1/"):
        assert (
            '<form class="filters manual-search" method="get" action="/manual/search/"'
            in staff.get(path).content.decode()
        )
