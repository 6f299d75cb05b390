"""What is read of the manual."""

from datetime import date, timedelta

import pytest

from manual import queries
from manual.models import Section
from tests.factories import EditionFactory, ReportFactory, SectionFactory, ShareFactory

pytestmark = pytest.mark.django_db


def test_latest_edition_is_the_one_with_the_highest_number() -> None:
    assert queries.latest() is None
    EditionFactory(number=2)
    EditionFactory(number=1)
    assert queries.latest().number == 2


def test_edition_in_force_is_found_without_its_content() -> None:
    assert queries.in_force() is None
    EditionFactory.create_batch(2)
    found = queries.in_force()
    assert (found.number, {"content", "figures"} <= found.get_deferred_fields()) == (2, True)


@pytest.mark.parametrize(
    "days", [[], [None], [None, 3], [5, 3], [None, -2, 4, 2], [None, 1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]]
)
def test_edition_in_force_and_the_coming_one_are_the_same_found_at_once_or_one_by_one(days: list[int | None]) -> None:
    """Each edition begins so many days from now on, or at once."""
    today = date(2026, 6, 15)
    for day in days:
        EditionFactory(effective_from=None if day is None else today + timedelta(days=day))
    now = queries.in_force(today)
    assert queries.in_force_and_coming(today) == (now, queries.coming(now, today))


def test_editions_are_listed_newest_first_without_reading_their_content() -> None:
    EditionFactory.create_batch(2)
    found = list(queries.editions())
    assert [edition.number for edition in found] == [2, 1]
    assert all({"content", "figures"} <= edition.get_deferred_fields() for edition in found)


def test_edition_is_found_by_its_number_and_knows_the_one_it_replaced() -> None:
    first, second = EditionFactory.create_batch(2)
    assert queries.edition(2) == second
    assert queries.edition(3) is None
    assert queries.before(second) == first
    assert queries.before(first) is None


def test_sections_with_equal_places_keep_the_order_in_which_they_were_made() -> None:
    Section.objects.all().delete()
    first, second = SectionFactory(position=1), SectionFactory(position=1)
    hidden = SectionFactory(is_shown=False)
    assert list(queries.shown_sections()) == [first, second]
    assert hidden not in queries.shown_sections()


def test_shares_are_listed_newest_first_in_one_query(django_assert_num_queries) -> None:
    edition = EditionFactory()
    ShareFactory.create_batch(3, edition=edition)
    with django_assert_num_queries(1):
        found = [(share.edition.number, str(share)) for share in queries.shares()]
    assert len(found) == 3


def test_reports_that_are_switched_off_are_not_sent() -> None:
    ReportFactory(is_active=False)
    sent = ReportFactory()
    assert queries.active_reports() == [sent]
