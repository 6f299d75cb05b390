"""What is asked, and what counts as unhappy."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.formats import date_format

from surveys import lifecycle, starting, versions
from surveys.blueprints import BLUEPRINTS
from surveys.models import FollowUpRules, QuietTime, SendingRule, Survey
from surveys.scales import KINDS
from surveys.starting import Start
from tests.factories import (
    AnswerFactory,
    CalendarFactory,
    InvitationFactory,
    ManagerFactory,
    StaffFactory,
    SuppressionFactory,
    SurveyFactory,
    UserFactory,
)
from tests.follow_up_factories import FollowUpFactory, FollowUpRouteFactory
from tests.manual.chapters.built import AS_OF, build, facts, figures, lines, tables
from tests.metrics.figures import compute

pytestmark = pytest.mark.django_db
IN_MAY = datetime(2026, 5, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _only_own_surveys() -> None:
    Survey.objects.all().delete()


def test_survey_has_its_wording_scale_scores_rules_and_response_rate() -> None:
    survey = SurveyFactory(
        slug="rec",
        name="Would you",
        kind="nps",
        owner=ManagerFactory(name="Ann"),
        has_public_link=True,
        lock_after_days=0,
    )
    for number in range(4):
        invitation = InvitationFactory(survey=survey, created_at=IN_MAY, is_answered=number == 3)
    AnswerFactory(survey=survey, invitation=invitation, score=9, answered_at=IN_MAY)
    InvitationFactory(survey=survey, created_at=AS_OF - timedelta(days=1))
    compute()
    built = build("surveys")
    assert built.blocks[1]["is"] == "quote"
    assert lines("surveys")[1] == "How likely are you to recommend My organisation to a friend or colleague?"
    since = date_format(survey.current_version.created_at, "DATE_FORMAT")
    assert facts(built.blocks, "survey-rec") == {
        "Kind": "Net Promoter Score (NPS)",
        "About": "after a contact with service",
        "Scale": "0 (Not at all likely) to 10 (Extremely likely)",
        "Looks like": "numbers",
        "Scores": "9 and 10 promoters, 7 and 8 passives, 0 to 6 detractors",
        "Languages": "English",
        "Who can answer": "whoever was invited by e-mail, for 28 days; anybody by a public link",
        "Asked by itself": "never; people here send it",
        "Reminders": "none",
        "Quiet time": "people who were asked lately are left alone",
        "Changeable": "not at all",
        "Looked after by": "Ann",
        "Version": f"1, since {since}",
        "Answered": "25.0 % of 4 invitations (95 % interval 4.6 % to 69.9 %), 1 Mar – 31 May 2026",
    }


def test_what_is_just_being_written_is_not_in_the_manual() -> None:
    survey = SurveyFactory()
    versions.ensure(survey)
    Survey.objects.filter(pk=survey.pk).update(question="Not asked yet?")
    assert "Not asked yet?" not in lines("surveys")


def test_further_questions_stand_in_a_table() -> None:
    survey = starting.from_blueprint(BLUEPRINTS["recovery"], Start(name="Settled", slug="s", languages=["en", "de"]))
    lifecycle.open_survey(survey)
    built = build("surveys")
    assert tables(built.blocks)["Further questions of “Settled”"] == [
        [
            "Is the matter settled for you?",
            "one of several, must be answered",
            "Yes, completely, In part, No",
            "everybody",
        ],
        [
            "What is still open?",
            "a longer text",
            "–",
            "only after “In part, No” to “Is the matter settled for you?”",
        ],
    ]
    told = facts(built.blocks, "survey-s")
    assert (told["Languages"], told["Reminders"], told["Quiet time"]) == (
        "English, Deutsch",
        "after 3 days, only to those who have not answered",
        "also sent to people who were asked lately",
    )
    assert figures("surveys")["survey:s.further"].startswith("Is the matter settled for you? · one of several")


def test_sending_rules_and_quiet_times_are_told() -> None:
    survey = SurveyFactory(slug="a", reminder_days=[3, 7])
    SendingRule.objects.create(
        survey=survey,
        name="Tickets",
        trigger="ticket",
        is_active=True,
        sample_percent=50,
        filters={"channel": ["chat"]},
    )
    SendingRule.objects.create(survey=survey, name="Wave", trigger="schedule", is_active=True, waves=4)
    SendingRule.objects.create(survey=survey, name="Off", trigger="ticket")
    QuietTime.objects.update_or_create(
        pk=1, defaults={"person_days": 10, "kind_days": 0, "company_most": 3, "company_days": 30}
    )
    told = facts(build("surveys").blocks, "survey-a")
    assert told["Asked by itself"] == (
        "Tickets: 24 hours after a ticket was solved, Mon Tue Wed Thu Fri from 09:00 to 18:00, not on holidays, "
        "50 % of them, channel: chat; Wave: every 3 months, customers, another of 4 groups each time, "
        "Mon Tue Wed Thu Fri from 09:00 to 18:00, not on holidays"
    )
    assert told["Reminders"] == "after 3 and 7 days, only to those who have not answered"
    assert figures("surveys")["survey:quiet-time"] == (
        "Nobody is asked anything again within 10 days. Of one company at most 3 people are asked within 30 days."
    )


def test_effort_wording_tells_that_low_is_good() -> None:
    SurveyFactory(slug="a", kind="ces", scale_max=5, lower_is_better=True, low_label="", high_label="")
    told = facts(build("surveys").blocks, "survey-a")
    assert (told["Scale"], told["Scores"]) == ("1 to 5; low is good", "1 and 2 easy, 3 neutral, 4 and 5 effort")


def test_nobody_asked_is_said_in_words() -> None:
    nothing = ", ".join(str(kind.name) for kind in KINDS.values())
    said = lines("surveys")
    assert said[:3] == [
        "No survey is open at present, so nobody is asked.",
        "What we do not ask at present",
        f"No survey is open about: {nothing}.",
    ]
    assert "At present there is no such address." in said
    assert list(figures("surveys")) == ["survey:quiet-time"]


def test_draft_and_closed_surveys_are_left_out() -> None:
    SurveyFactory(status=Survey.Status.DRAFT)
    SurveyFactory(status=Survey.Status.CLOSED)
    assert list(figures("surveys")) == ["survey:quiet-time"]


def test_scale_without_thresholds_says_so() -> None:
    survey = SurveyFactory(slug="odd", scale_min=1, scale_max=6)
    scores = facts(build("surveys").blocks, "survey-odd")["Scores"]
    assert scores == "This scale has no agreed thresholds, so its answers are counted but not judged."
    assert tables(build("unhappy").blocks)["Which answers are told to whom"] == [
        [survey.name, "none: its scale has no agreed thresholds", "every manager, because it has no owner"]
    ]


def test_addresses_that_are_left_alone_are_counted_up_to_the_instant() -> None:
    SuppressionFactory.create_batch(2, at=AS_OF)
    SuppressionFactory(at=AS_OF + timedelta(seconds=1))
    assert "At present 2 addresses are never written to for one of these reasons." in lines("surveys")


def test_unhappy_answers_of_the_last_month_are_counted_by_survey_and_of_employees_none() -> None:
    gone = ManagerFactory(is_active=False)
    survey = SurveyFactory(slug="a", name="A", owner=ManagerFactory(name="Ann"))
    SurveyFactory(slug="b", name="B", kind="ces", owner=gone)
    SurveyFactory(slug="c", name="C", kind="esat")
    for score in (1, 2, 3, 5, 5):
        AnswerFactory(survey=survey, score=score, answered_at=IN_MAY)
    AnswerFactory(survey=survey, score=1, answered_at=AS_OF)
    found = tables(build("unhappy").blocks)
    assert found["Which answers are told to whom"] == [
        ["A", "1 and 2 of 5", "Ann"],
        ["B", "1 to 3 of 7", "every manager, because its owner has left"],
    ]
    assert found["Unhappy answers, May 2026"] == [["A", "2", "5"], ["B", "no data", "0"]]
    said = figures("unhappy")
    assert {name: words for name, words in said.items() if name.startswith("alert:")} == {
        "alert:a.scores": "1 and 2 of 5",
        "alert:a.told": "Ann",
        "alert:a.count": "2 of 5 in May 2026",
        "alert:b.scores": "1 to 3 of 7",
        "alert:b.told": "every manager, because its owner has left",
        "alert:b.count": "no data",
    }


def test_a_few_unhappy_answers_are_not_told_apart() -> None:
    survey = SurveyFactory(slug="a", name="A")
    for score in (1, 1, 5, 5):
        AnswerFactory(survey=survey, score=score, answered_at=IN_MAY)
    assert tables(build("unhappy").blocks)["Unhappy answers, May 2026"][0] == ["A", "not shown", "fewer than 5"]
    assert figures("unhappy")["alert:a.count"] == "fewer than 5 answers in May 2026"


def follow_up_rules() -> dict[str, str]:
    return {name: words for name, words in figures("unhappy").items() if name.startswith("follow-up:")}


def test_rules_in_force_are_told_by_the_calendar_where_there_are_no_opening_hours() -> None:
    SurveyFactory()
    assert follow_up_rules() == {
        "follow-up:due": "24 hours",
        "follow-up:escalation": "all managers are told after 12 hours",
        "follow-up:joined": "within 7 days",
        "follow-up:recovery": "nobody, because no survey about a settled complaint is open",
        "follow-up:course": "No follow-up was opened in May 2026.",
    }


def test_rules_in_force_are_told_in_opening_hours() -> None:
    CalendarFactory()
    SurveyFactory(name="Settled?", purpose="recovery")
    values = {"due_hours": 4, "escalate_hours": 1, "join_days": 1, "recovery_after_hours": 48}
    FollowUpRules.objects.update_or_create(pk=1, defaults=values)
    said = follow_up_rules()
    del said["follow-up:course"]
    assert said == {
        "follow-up:due": "4 hours of opening time",
        "follow-up:escalation": "all managers are told after 1 hour of opening time",
        "follow-up:joined": "within 1 day",
        "follow-up:recovery": "with “Settled?”, 48 hours after it was marked as resolved",
    }


def test_routes_stand_in_the_order_in_which_they_count() -> None:
    survey = SurveyFactory(name="A", owner=ManagerFactory(name="Ann"))
    FollowUpRouteFactory(position=2, channel="chat", owner=StaffFactory(name="Ben"))
    FollowUpRouteFactory(position=1, survey=survey, team="Tier 1", owner=ManagerFactory(name="Cleo"))
    FollowUpRouteFactory(position=3, owner=ManagerFactory(is_active=False))
    FollowUpRouteFactory(position=4, owner=ManagerFactory(name="Dora"))
    rows = [["survey: A, team: Tier 1", "Cleo"], ["channel: chat", "Ben"], ["everything", "Dora"]]
    assert tables(build("unhappy").blocks)["Who is asked before the owner"] == rows
    said = follow_up_rules()
    assert [said[f"follow-up:route.{number}"] for number in (1, 2, 3)] == ["Cleo", "Ben", "Dora"]


def test_owner_who_may_not_take_care_is_passed_over() -> None:
    SurveyFactory(slug="a", owner=UserFactory())
    said = figures("unhappy")["alert:a.told"]
    assert said == "every manager, because its owner may not take care of customers"


def test_what_became_of_them_up_to_the_instant() -> None:
    SurveyFactory()
    after = AS_OF + timedelta(days=1)
    FollowUpFactory(opened_at=IN_MAY)
    FollowUpFactory(opened_at=IN_MAY, contacted_at=IN_MAY, closed_at=IN_MAY)
    FollowUpFactory(opened_at=IN_MAY, contacted_at=IN_MAY, closed_at=after)
    FollowUpFactory(opened_at=IN_MAY, contacted_at=after)
    FollowUpFactory(opened_at=AS_OF)
    words = "4 follow-ups were opened in May 2026; 2 contacted, 1 closed since."
    assert follow_up_rules()["follow-up:course"] == words
    assert words in lines("unhappy")


def test_unhappy_without_a_survey_of_customers_is_said_in_words() -> None:
    SurveyFactory(kind="enps")
    assert lines("unhappy") == [
        "What counts as unhappy, and who is told",
        "No survey of customers is open, so nobody is told by itself. Complaints come as they come.",
    ]


def test_rate_of_employees_is_not_told() -> None:
    """Of a few people it would say who has answered."""
    survey = SurveyFactory(slug="own", kind="esat")
    InvitationFactory(survey=survey, created_at=IN_MAY, is_answered=True)
    compute()
    told = facts(build("surveys").blocks, "survey-own")
    assert told["Answered"] == "shown on the survey's own page, from five people on"
