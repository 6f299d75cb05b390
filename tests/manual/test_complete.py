"""What every manual must say before it is published, and what is still to be filled in."""

import pytest

from manual import complete, editions
from manual.drafts import draft
from manual.editions import IncompleteError
from manual.models import Edition, Section
from manual.starter import STARTERS
from tests.alarm_factories import AlertRuleFactory
from tests.factories import SectionFactory, ServiceTargetFactory
from tests.manual.chapters.built import AS_OF

pytestmark = pytest.mark.django_db
TITLES = {starter.slug: starter.title for starter in STARTERS}


def missing() -> list[str]:
    return complete.missing(draft(AS_OF))


def test_manual_as_it_begins_can_be_published() -> None:
    assert missing() == []


@pytest.mark.parametrize("slug", complete.NEEDED)
def test_needed_chapter_that_is_left_out_stops_the_edition(slug: str) -> None:
    Section.objects.filter(slug=slug).update(is_shown=False, title="By another name")
    with pytest.raises(IncompleteError) as refused:
        editions.publish(by=None, number=1, as_of=AS_OF)
    assert str(refused.value) == "A manual needs these chapters, and they are empty or left out: “By another name”."
    assert Edition.objects.count() == 0


def test_needed_chapter_in_which_neither_stands_anything_stops_the_edition() -> None:
    Section.objects.filter(slug__in=complete.NEEDED).update(text=" \n")
    titles = [TITLES[slug] for slug in complete.NEEDED]
    # KPIs are adopted and surveys are open from the beginning.
    assert missing() == [title for title in titles if title not in (TITLES["our-kpis"], TITLES["unhappy-customers"])]
    ServiceTargetFactory()
    AlertRuleFactory(created_at=AS_OF)
    assert missing() == [TITLES["our-promise"]]


def test_needed_chapters_that_are_gone_are_called_by_their_first_name() -> None:
    Section.objects.all().delete()
    assert missing() == [TITLES[slug] for slug in complete.NEEDED]
    assert complete.sentence([]) == ""


def test_chapter_that_had_to_take_another_name_counts() -> None:
    Section.objects.filter(slug="escalation").update(slug="escalation-2")
    SectionFactory(slug="escalation", text="")
    assert missing() == []


def test_any_other_chapter_may_be_left_out() -> None:
    Section.objects.exclude(slug__in=complete.NEEDED).update(is_shown=False)
    assert missing() == []


def test_what_is_to_be_filled_in_is_found_in_what_is_shown() -> None:
    assert [section.slug for section in complete.to_fill_in()] == ["authority"]
    Section.objects.filter(slug="authority").update(is_shown=False)
    assert complete.to_fill_in() == []
