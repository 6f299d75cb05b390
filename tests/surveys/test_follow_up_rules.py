"""Due times in opening hours, and who is asked first."""

from datetime import UTC, datetime

import pytest

from kpiproject.models import BusinessCalendar
from surveys import follow_up_rules
from surveys.follow_up_rules import Owners
from surveys.models import FollowUpRules
from tests.factories import (
    AnswerFactory,
    CalendarFactory,
    ManagerFactory,
    StaffFactory,
    SurveyFactory,
    UserFactory,
)
from tests.follow_up_factories import FollowUpRouteFactory

pytestmark = pytest.mark.django_db


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("02T09:00", 8, "02T17:00"),  # Monday, as soon as it opens: until it closes
        ("02T11:30", 8, "03T11:30"),
        ("02T20:00", 8, "03T17:00"),
        ("06T16:00", 8, "09T16:00"),  # over the weekend
        ("07T12:00", 4, "09T13:00"),
        ("02T16:59", 1, "03T09:59"),
    ],
)
def test_due_in_opening_hours(start: str, hours: int, due: str) -> None:
    CalendarFactory()  # 9 to 17 from Monday to Friday
    [found] = follow_up_rules.deadlines([at(start)], FollowUpRules(due_hours=hours))
    assert (found.due_at, found.clock) == (at(due), "business")


@pytest.mark.parametrize(("hours", "due"), [(8, "08T12:00"), (4, "08T00:00"), (16, "09T12:00")])
def test_without_opening_hours_a_working_day_is_a_day_of_the_calendar(hours: int, due: str) -> None:
    [found] = follow_up_rules.deadlines([at("07T12:00")], FollowUpRules(due_hours=hours))
    assert (found.due_at, found.clock) == (at(due), "calendar")
    assert found.one_day_at == at("08T12:00")


def test_calendar_that_never_opens_counts_as_none() -> None:
    CalendarFactory(week={})
    [found] = follow_up_rules.deadlines([at("07T12:00")], FollowUpRules())
    assert (found.due_at, found.clock) == (at("08T12:00"), "calendar")


def test_the_day_of_the_figure_does_not_depend_on_the_rules() -> None:
    CalendarFactory()
    [found] = follow_up_rules.deadlines([at("02T10:00")], FollowUpRules(due_hours=2, escalate_hours=1))
    assert (found.due_at, found.escalate_at, found.one_day_at) == (at("02T12:00"), at("02T11:00"), at("03T10:00"))


def test_many_cost_one_reading_of_the_calendar(django_assert_num_queries) -> None:
    CalendarFactory()
    with django_assert_num_queries(4):  # the calendars, what this one was before, its holidays, its special days
        found = follow_up_rules.deadlines([at("02T10:00"), at("06T16:00")], FollowUpRules())
    assert [one.due_at for one in found] == [at("03T10:00"), at("09T16:00")]
    assert BusinessCalendar.objects.count() == 1


@pytest.mark.parametrize(
    ("team", "channel", "expected"),
    [
        ("Tier 1", "chat", "both"),
        ("tier 1 ", "CHAT", "both"),  # as people write it
        ("Tier 1", "mail", "team"),
        ("Tier 2", "chat", "channel"),
        ("Tier 2", "mail", "survey"),
        ("", "", "survey"),
    ],
)
def test_the_first_route_that_fits_counts(team: str, channel: str, expected: str) -> None:
    survey = SurveyFactory(owner=ManagerFactory(name="owner"))
    both, of_team, of_channel, of_survey = (StaffFactory(name=name) for name in ("both", "team", "channel", "survey"))
    FollowUpRouteFactory(position=4, survey=survey, owner=of_survey)
    FollowUpRouteFactory(position=1, team="Tier 1", channel="chat", owner=both)
    FollowUpRouteFactory(position=2, team="Tier 1", owner=of_team)
    FollowUpRouteFactory(position=3, channel="chat", owner=of_channel)
    found = Owners().of(AnswerFactory(survey=survey, team=team, channel=channel))
    assert found is not None
    assert found.name == expected


def test_route_of_another_survey_does_not_fit() -> None:
    FollowUpRouteFactory(survey=SurveyFactory())
    owner = ManagerFactory()
    assert Owners().of(AnswerFactory(survey=SurveyFactory(owner=owner))) == owner


def test_whoever_cannot_take_care_is_passed_over() -> None:
    owner = StaffFactory()
    FollowUpRouteFactory(position=1, owner=ManagerFactory(is_active=False))
    FollowUpRouteFactory(position=2, owner=UserFactory())  # has no role
    assert Owners().of(AnswerFactory(survey=SurveyFactory(owner=owner))) == owner
    assert Owners().of(AnswerFactory(survey=SurveyFactory(owner=UserFactory()))) is None
    assert Owners().of(AnswerFactory(survey=SurveyFactory(owner=None))) is None
