"""What people outside read in print: one for each choice of sections, the same bytes every time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kpiproject.documents import pdf, tree
from manual import extract_prints, outside, shares
from manual.models import Edition, ExtractPrint
from manual.printing import MOST_ATTEMPTS, has_failed
from manual.tasks import print_extract, sweep_pdfs
from tests.factories import ShareFactory
from tests.manual.documents import edition, section

pytestmark = pytest.mark.django_db


@pytest.fixture
def whole() -> Edition:
    few = tree.facts(("May 2026", "100 % (3 answers)"))
    return edition(section("promise", tree.paragraph("We help.")), section("kpis", few))


@pytest.fixture
def typeset(monkeypatch) -> list[tree.Document]:
    """What was sent to the printer."""
    found: list[tree.Document] = []

    def render(document: tree.Document) -> bytes:
        found.append(document)
        return b"%PDF-1.7"

    monkeypatch.setattr(pdf, "render", render)
    return found


def test_links_with_the_same_choice_share_one(whole: Edition) -> None:
    one, same = (extract_prints.plan(ShareFactory(edition=whole, sections=found)) for found in (["a", "b"], ["b", "a"]))
    other = extract_prints.plan(ShareFactory(edition=whole))
    assert (one, ExtractPrint.objects.count()) == (same, 2)
    assert extract_prints.of(whole, []) == other
    assert extract_prints.of(whole, ["c"]) is None


def test_what_is_printed_is_what_may_be_read(whole: Edition, typeset: list[tree.Document]) -> None:
    kept = extract_prints.plan(ShareFactory(edition=whole))
    print_extract(kept.pk)
    print_extract(kept.pk)
    (document,) = typeset
    assert document["sections"] == outside.extract(whole).content["sections"]
    assert "3 answers" not in str(document)
    foot = f"Edition 1, 2 Mar 2026 · {whole.digest[:12]} · printed copies are uncontrolled"
    assert document["foot"] == f"For readers outside · {foot}"
    kept.refresh_from_db()
    with kept.pdf.open() as file:
        assert (file.read(), kept.pdf_attempts, kept.lease_token) == (b"%PDF-1.7", 1, "")


def test_printed_twice_it_has_the_same_bytes(whole: Edition) -> None:
    kept = ExtractPrint.objects.get(pk=extract_prints.plan(ShareFactory(edition=whole)).pk)
    first, second = (pdf.render(extract_prints.printable(kept)) for _time in range(2))
    assert (first[:5], first) == (b"%PDF-", second)


def test_what_goes_wrong_is_tried_again_a_few_times(whole: Edition, monkeypatch, caplog) -> None:
    def fail(_document: tree.Document) -> bytes:
        raise pdf.DocumentError("No paper.")

    monkeypatch.setattr(pdf, "render", fail)
    kept = extract_prints.plan(ShareFactory(edition=whole))
    for _time in range(MOST_ATTEMPTS + 1):
        ExtractPrint.objects.update(lease_until=None)
        extract_prints.make(kept.pk)
    kept.refresh_from_db()
    assert (kept.pdf_attempts, kept.pdf_error, has_failed(kept)) == (MOST_ATTEMPTS, "No paper.", True)


def test_a_printer_that_is_killed_each_time_is_told(whole: Edition, monkeypatch) -> None:
    def die(_document: tree.Document) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(pdf, "render", die)
    kept = extract_prints.plan(ShareFactory(edition=whole))
    for _time in range(MOST_ATTEMPTS):
        ExtractPrint.objects.update(lease_until=None)
        with pytest.raises(KeyboardInterrupt):
            extract_prints.make(kept.pk)
    ExtractPrint.objects.update(lease_until=timezone.now())
    kept.refresh_from_db()
    assert (kept.pdf_error, has_failed(kept)) == ("The worker ended while printing.", True)


def test_an_edition_that_was_changed_is_not_printed(whole: Edition, typeset: list[tree.Document], caplog) -> None:
    kept = extract_prints.plan(ShareFactory(edition=whole))
    Edition.objects.update(digest="other")
    extract_prints.make(kept.pk)
    kept.refresh_from_db()
    assert (typeset, kept.pdf_error[:20]) == ([], "It was not printed: ")


def test_the_sweep_finds_what_open_links_show_and_throws_away_what_none_does(whole: Edition, monkeypatch) -> None:
    woken: list[int] = []
    monkeypatch.setattr(print_extract, "apply_async", lambda arguments, **_more: woken.append(*arguments))
    share, closed = (
        ShareFactory(edition=whole, follows_editions=True),
        ShareFactory(edition=whole, sections=["promise"]),
    )
    shares.revoke(closed)
    sweep_pdfs()
    (first,) = ExtractPrint.objects.all()
    assert (woken, first.edition) == ([first.pk], whole)
    newer = edition(section("promise", tree.paragraph("Newer.")))
    sweep_pdfs()
    assert extract_prints.plan(share).edition == newer
    assert ExtractPrint.objects.count() == 2
    assert extract_prints.waiting(timezone.now() + timedelta(days=2)) == [extract_prints.plan(share).pk]
    assert list(ExtractPrint.objects.values_list("edition__number", flat=True)) == [2]
