"""Whether unhappy customers are called back within a day, and whether that helps."""

from datetime import timedelta
from typing import Any

import pytest

from kpiproject.lib.periods import Grain
from metrics import dirty, rollups
from metrics.models import DirtyDay
from metrics.queries import Question, figures, rows
from surveys import follow_up_steps, follow_ups
from surveys.models import FactChange, FollowUp, Recovery
from tests.factories import AnswerFactory, CalendarFactory, ManagerFactory, SurveyFactory
from tests.follow_up_factories import FollowUpFactory
from tests.metrics.figures import at, day, organisation, point, points

pytestmark = pytest.mark.django_db
OPENED = at("2026-03-02 10:00")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _later(time_machine):
    """Long after everything here, unless a test says otherwise."""
    time_machine.move_to("2026-06-01T12:00Z", tick=False)


def opened(contacted: timedelta | None = None, **values: Any) -> FollowUp:
    given = {"opened_at": OPENED, "contacted_at": None if contacted is None else OPENED + contacted}
    return FollowUpFactory(**given | values)


def asked(score: int, **values: Any) -> Recovery:
    survey = values.pop("with_survey", None) or SurveyFactory(purpose="recovery")
    answer = AnswerFactory(survey=survey, score=score, answered_at=values.pop("answered_at", OPENED + 5 * DAY))
    return Recovery.objects.create(follow_up=opened(**values), ask_at=OPENED, answer=answer)


# --- Within one day -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("contacted", "counts"),
    [
        (timedelta(0), True),
        (timedelta(hours=24), True),  # exactly when the day is over
        (timedelta(hours=24, seconds=1), False),
        (timedelta(days=3), False),
        (None, False),
    ],
)
def test_contacted_within_one_day(contacted, counts):
    opened(contacted)
    found = point("follow_up_within_one_day")
    assert (found.part, found.whole, found.value) == (int(counts), 1, 100.0 * counts)


def test_share_of_several_by_hand():
    for hours in (1, 5, 24, 25, None):
        opened(None if hours is None else timedelta(hours=hours))
    found = point("follow_up_within_one_day")
    assert (found.part, found.whole, found.n, found.value) == (3, 5, 5, 60.0)


def test_how_it_ended_without_a_contact_changes_nothing():
    for state in ("new", "taken", "resolved", "no_answer"):
        opened(state=state)
    assert point("follow_up_within_one_day").value == 0.0


def test_who_is_not_due_yet_and_who_cannot_be_written_to_are_left_out(time_machine):
    time_machine.move_to(OPENED + timedelta(hours=23), tick=False)
    opened()  # still an hour left
    opened(timedelta(hours=1))  # contacted already, so it counts
    opened(contact=None, is_reachable=False)
    where = {"start": day("2026-03-03"), "end": day("2026-03-04")}
    found = point("follow_up_within_one_day", **where)
    assert (found.part, found.whole, found.excluded) == (1, 1, {"pending": 1, "nobody_to_write_to": 1})


def test_time_alone_makes_it_late(time_machine):
    time_machine.move_to(OPENED + timedelta(hours=23), tick=False)
    opened()
    question = Question(code="follow_up_within_one_day", start=day("2026-03-03"), end=day("2026-03-04"))
    assert (points(question.code, start=question.start, end=question.end)[0].n) == 0
    time_machine.move_to(OPENED + timedelta(hours=25), tick=False)
    rollups.recompute()
    [found] = figures(question).points
    assert (found.n, found.value, found.excluded) == (1, 0.0, {})


def test_counted_on_the_day_on_which_the_working_day_was_over():
    opened(timedelta(hours=1))
    opened(opened_at=at("2026-03-02 23:30"), one_day_at=at("2026-03-04 01:00"))
    found = points("follow_up_within_one_day", grain=Grain.DAY, start=day("2026-03-02"), end=day("2026-03-05"))
    assert [(one.part, one.whole) for one in found] == [(0, 0), (1, 1), (0, 1)]


def test_days_belong_to_the_zone_of_the_organisation():
    organisation(time_zone="Asia/Tokyo")
    opened(timedelta(hours=1), one_day_at=at("2026-03-03 16:00"))
    found = points("follow_up_within_one_day", grain=Grain.DAY, start=day("2026-03-03"), end=day("2026-03-05"))
    assert [one.n for one in found] == [0, 1]


def test_nothing_is_none():
    where = {"start": day("2026-03-03"), "end": day("2026-03-04")}
    for code in ("follow_up_within_one_day", "recovery_rate"):
        found = point(code, **where)
        assert (found.value, found.n, found.low) == (None, 0, None)


def test_by_channel_team_and_survey():
    shop = SurveyFactory(slug="shop")
    opened(timedelta(hours=1), channel="chat", team="Tier 1", survey=shop)
    opened(None, channel="chat", team="", category="bill")
    opened(timedelta(hours=1), channel="mail", team="Tier 1")

    def by(dimension: str) -> dict[str | None, tuple[float | None, int]]:
        return {one.member: (one.value, one.n) for one in points("follow_up_within_one_day", by=dimension)}

    assert by("channel") == {"chat": (50.0, 2), "mail": (100.0, 1)}
    assert by("team") == {"": (0.0, 1), "Tier 1": (100.0, 2)}
    assert by("survey")["shop"] == (100.0, 1)
    assert by("category") == {"": (100.0, 2), "bill": (0.0, 1)}


def test_the_rows_behind_it_name_the_ticket_or_the_survey():
    opened(timedelta(hours=1), ticket="T-1", ticket_source="zendesk")
    opened(None, survey=SurveyFactory(slug="shop"), opened_at=OPENED + timedelta(minutes=1))
    opened(contact=None, is_reachable=False)
    point("follow_up_within_one_day")
    found = rows(Question(code="follow_up_within_one_day"))
    assert [(row.source, row.reference, row.value) for row in found.rows] == [
        ("zendesk", "T-1", 1.0),
        ("surveys", "shop", 0.0),
    ]
    assert found.total == 2


def test_steps_bring_the_figure_up_to_date_by_themselves(time_machine):
    """Through the journal: from the answer over the contact to the figure."""
    time_machine.move_to(at("2026-03-02 11:00"), tick=False)
    CalendarFactory()
    owner = ManagerFactory()
    AnswerFactory(survey__owner=owner, score=1, answered_at=OPENED, ticket="T-1")
    follow_ups.open_for_unhappy(at("2026-03-02 11:00"))
    question = Question(code="follow_up_within_one_day", start=day("2026-03-03"), end=day("2026-03-04"))
    rollups.recompute()
    assert figures(question).points[0].excluded == {"pending": 1}
    follow_up_steps.contacted(FollowUp.objects.get().pk, by=owner, how="phone")
    rollups.recompute()
    [found] = figures(question).points
    assert (found.part, found.whole) == (1, 1)
    assert not FactChange.objects.exists()


def test_the_day_is_marked_when_it_is_opened_and_when_somebody_is_contacted():
    found = opened()
    for _step in range(2):
        FactChange.objects.create(at=found.one_day_at)
    dirty.take_over_survey_changes()
    assert DirtyDay.objects.filter(frame="follow_ups", day=day("2026-03-03")).exists()


# --- Recovered ----------------------------------------------------------------------------------------------------
def test_recovery_rate_by_hand():
    for score in (1, 2, 3, 4, 5):
        asked(score)
    found = point("recovery_rate")
    assert (found.part, found.whole, found.value) == (3, 5, 60.0)


def test_recovery_rate_leaves_out_scales_without_thresholds():
    asked(5)
    asked(1, with_survey=SurveyFactory(purpose="recovery", scale_max=6))
    found = point("recovery_rate")
    assert (found.n, found.value, found.excluded) == (1, 100.0, {"scale_unknown": 1})


def test_recovery_counts_on_the_day_of_its_answer_by_what_the_unhappy_one_was_about():
    asked(5, channel="chat", answered_at=at("2026-03-09 09:00"))
    asked(1, channel="mail", answered_at=at("2026-03-10 09:00"))
    opened(channel="chat")  # nobody was asked
    found = points("recovery_rate", grain=Grain.DAY, start=day("2026-03-09"), end=day("2026-03-11"))
    assert [one.value for one in found] == [100.0, 0.0]
    assert {one.member: one.value for one in points("recovery_rate", by="channel")} == {"chat": 100.0, "mail": 0.0}


def test_answers_about_recovery_are_not_in_csat():
    asked(5)
    AnswerFactory(score=1, answered_at=OPENED)
    found = point("csat")
    # the unhappy answer itself, and the one of the follow-up behind the recovery
    assert (found.part, found.n, found.excluded) == (0, 2, {"other_purpose": 1})
