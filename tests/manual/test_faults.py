"""Broken fields, links to nowhere and pictures that are none: told with their line, and what is close."""

from collections.abc import Collection

import pytest

from kpiproject.documents import words
from manual import editions, faults, written
from manual.chapters import Context
from manual.fields import Fields
from manual.models import Section
from metrics import adoption
from tests.factories import SectionFactory
from tests.manual.chapters.built import AS_OF
from tests.manual_factories import picture

FIELDS = ("kpi:csat.value", "kpi:csat.target", "kpi:nps.value", "target:email.first_response")
AS_WORDS = "leads nowhere and is shown as words"
HOW = "does not begin with https://, mailto: or #."
pytestmark = pytest.mark.django_db


def found(text: str, anchors: Collection[str] = ("our-promise",)) -> list[tuple[bool, str]]:
    all_faults = faults.find(text, fields=FIELDS, anchors=lambda _wanted: anchors)
    return [(fault.is_error, fault.sentence) for fault in all_faults]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ kpi:csta.value }}", "Line 1: there is no field “kpi:csta.value”. Did you mean kpi:csat.value?"),
        ("a\nb\n\n{{ kpi:csat }}", "Line 4: there is no field “kpi:csat”. Did you mean kpi:csat.value?"),
        ("| a |\n|---|\n| {{ x }} |", "Line 3: there is no field “x”."),
        (
            "- one\n- {{ target:mail.first_response }}",
            "Line 2: there is no field “target:mail.first_response”. Did you mean target:email.first_response?",
        ),
        ("{{ }}", "Line 1: the field is empty."),
        ("one\ntwo {{ kpi:csat.value", "Line 2: “{{” has no “}}” in the same line."),
        ("kpi:csat.value }}", "Line 1: “}}” has no “{{” before it in the same line."),
    ],
)  # fmt: skip
def test_broken_fields_are_errors_with_their_line_and_what_is_close(text: str, said: str) -> None:
    assert found(text) == [(True, said)]


def test_a_field_over_two_lines_is_broken_twice() -> None:
    assert [said for _error, said in found("{{ kpi:csat\n.value }}")] == [
        "Line 1: “{{” has no “}}” in the same line.",
        "Line 2: “}}” has no “{{” before it in the same line.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{{ kpi:csat.value }} and {{kpi:nps.value}}",
        "`{{ nonsense }}` and\n\n    {{ indented }}\n\n```\n{{ fenced\n```",
        "{ one } {} { {",
        "[a](https://example.org) [b](mailto:a@example.org) [c](#our-promise)",
    ],
)
def test_what_is_well_is_left_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("#our-promises", "leads nowhere: the manual has no place “#our-promises”. Did you mean #our-promise?"),
        ("#zzz", "leads nowhere: the manual has no place “#zzz”."),
        ("/manual/", f"{AS_WORDS}: “/manual/” {HOW}"),
        ("javascript:alert(1)", f"{AS_WORDS}: “javascript:alert(1)” {HOW}"),
        (
            "https://plumbline.example.org/manual/",
            "leads into Plumbline and is shown as words: people outside read the manual, too.",
        ),
    ],
)
def test_a_link_to_nowhere_is_a_warning_with_its_place(settings, to: str, said: str) -> None:
    settings.BASE_URL = "https://plumbline.example.org"
    assert found(f"[here]({to})") == [(False, f"Line 1: the link “here” {said}")]


def test_pictures_need_to_be_ours_to_exist_and_to_have_words() -> None:
    ours = picture().name
    assert found(f"![A red thing](image:{ours})") == []
    assert found(f"![](image:{ours})") == [
        (True, f"Line 1: the picture needs words that say what is to be seen, between [ and ]: ![…](image:{ours}).")
    ]
    assert found("x\n\n![A](image:0123456789abcdef)") == [(True, "Line 3: there is no picture “0123456789abcdef”.")]
    (elsewhere,) = found("![A](https://example.org/a.png)")
    said = "pictures come from this manual only; put yours in with “Put in a picture”, instead of "
    assert elsewhere == (True, f"Line 1: {said}“https://example.org/a.png”.")
    ((is_error, said),) = found(f"words ![A](image:{ours})")
    assert (is_error, said.startswith("Line 1: a picture stands by itself")) == (False, True)


def test_links_may_lead_to_own_headings_other_sections_and_what_is_generated() -> None:
    Section.objects.exclude(slug="our-kpis").delete()
    mine = SectionFactory(slug="mine", text="")
    SectionFactory(slug="other", text="## Elsewhere")
    text = (
        "## Here\n\n[a](#here) [b](#mine-here) [c](#mine) [d](#other) [e](#other-elsewhere) [f](#kpi-csat) [g](#gone)"
    )
    said = [fault.sentence for fault in written.check(mine, text, Fields(Context.at(AS_OF)))]
    assert said == ["Line 3: the link “g” leads nowhere: the manual has no place “#gone”."]


def test_a_kpi_that_is_set_aside_breaks_a_text_that_names_it_but_no_edition() -> None:
    mine = SectionFactory(slug="mine", text="CSAT is {{ kpi:csat.value }}.")
    SectionFactory(slug="hidden", text="{{ nonsense }}", is_shown=False)
    assert written.broken() == []
    published = editions.publish(by=None, number=1)
    adoption.set_aside(["csat"])
    ((section, fault),) = written.broken()
    assert section == mine
    assert fault.sentence.startswith("Line 1: there is no field “kpi:csat.value”.")
    published.refresh_from_db()
    assert editions.verify(published)
    assert "CSAT is no data yet." in words.lines(published.content["sections"][-1]["blocks"])


def test_a_text_of_five_megabytes_is_looked_at_by_nobody() -> None:
    assert written.check(SectionFactory(), "x [a](#b) " * 500_000, Fields(Context.at(AS_OF))) == []
