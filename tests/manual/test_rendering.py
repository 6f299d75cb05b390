import re

import pytest
from django.core.cache import cache
from django.utils import translation

from kpiproject.documents import tree
from manual import queries, rendering
from manual.models import Edition
from tests.manual.documents import edition, section

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _cold() -> None:
    cache.clear()


def kpis() -> tree.Section:
    return section(
        "kpis",
        tree.heading(1, "Speed", "kpis-speed"),
        tree.paragraph("See ", tree.link("the promise", "#promise"), " and ", tree.link("below", "#kpis-csat"), "."),
        tree.heading(2, "CSAT <1>", "kpis-csat"),
        tree.heading(3, "Deep", "kpis-deep"),
        number="2",
    )


def read(number: int = 1) -> Edition:
    """As a view reads it: without its content."""
    return queries.editions().get(number=number)


def test_contents_list_sections_and_two_levels_of_headings() -> None:
    edition(section("promise", tree.paragraph("We help.")), kpis())
    contents = rendering.of_edition(read()).contents
    assert re.findall(r'href="#([^"]+)"', contents) == ["promise", "kpis", "kpis-speed", "kpis-csat"]
    assert '<span class="contents-number">2</span><span>Kpis</span>' in contents


def test_every_place_that_the_contents_lead_to_exists_once() -> None:
    edition(section("promise", tree.paragraph("We help.")), kpis())
    rendered = rendering.of_edition(read())
    ids = re.findall(r'\sid="([^"]+)"', rendered.body)
    assert ids == ["promise", "kpis", "kpis-speed", "kpis-csat", "kpis-deep"]


def test_headings_lead_to_themselves_unless_they_hold_a_link() -> None:
    linked: tree.Heading = {
        "is": "heading",
        "level": 1,
        "inlines": [tree.link("elsewhere", "https://example.org/")],
        "anchor": "a-elsewhere",
    }
    html = rendering.of_section(section("a", tree.heading(1, "Here & now", "a-here"), linked)).html
    assert html == (
        '<h3 id="a-here"><a class="self-link" href="#a-here">Here &amp; now</a></h3>'
        '<h3 id="a-elsewhere"><a href="https://example.org/" rel="noopener noreferrer">elsewhere</a></h3>'
    )


def test_an_edition_is_read_and_drawn_once(django_assert_num_queries) -> None:
    edition(kpis())
    first, second = read(), read()
    with django_assert_num_queries(2):  # the content and the figures, which were left out
        cold = rendering.of_edition(first)
    with django_assert_num_queries(0):
        assert rendering.of_edition(second) == cold
    cache.clear()
    assert rendering.of_edition(read()) == cold


def test_each_language_is_kept_apart() -> None:
    edition(kpis())
    rendering.of_edition(read())
    with translation.override("de"), pytest.MonkeyPatch.context() as patch:
        patch.setattr(rendering, "_of_edition", lambda _edition: None)
        assert rendering.of_edition(read()) is None


def test_something_else_in_the_cache_is_not_believed(monkeypatch) -> None:
    edition(kpis())
    monkeypatch.setattr(cache, "get", lambda _key: "an old entry")
    assert rendering.of_edition(read()).title == "Customer Service Manual"


def test_a_section_alone_has_headings_right_beneath_its_title() -> None:
    html = rendering.alone(rendering.of_section(kpis()), whole="/manual/")
    assert re.findall(r"</?h\d", html) == ["<h2", "</h2", "<h3", "</h3", "<h4", "</h4"]


def test_a_section_alone_leads_to_the_whole_manual_for_what_it_does_not_hold() -> None:
    part = rendering.of_section(kpis())
    html = rendering.alone(part, whole="/manual/")
    assert re.findall(r'href="([^"]+)"', html) == [
        "#kpis-speed",
        "/manual/#promise",
        "#kpis-csat",
        "#kpis-csat",
        "#kpis-deep",
    ]
