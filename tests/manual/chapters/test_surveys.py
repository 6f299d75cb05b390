"""What is asked, and what counts as unhappy."""

from datetime import UTC, datetime, timedelta

import pytest

from surveys.models import Survey
from surveys.scales import KINDS
from tests.factories import AnswerFactory, InvitationFactory, ManagerFactory, SuppressionFactory, SurveyFactory
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
    for _number in range(4):
        invitation = InvitationFactory(survey=survey, created_at=IN_MAY)
    AnswerFactory(survey=survey, invitation=invitation, score=9, answered_at=IN_MAY)
    InvitationFactory(survey=survey, created_at=AS_OF - timedelta(days=1))
    compute()
    built = build("surveys")
    assert built.blocks[1]["is"] == "quote"
    assert lines("surveys")[1] == "How likely are you to recommend My organisation to a friend or colleague?"
    assert facts(built.blocks, "survey-rec") == {
        "Kind": "Net Promoter Score (NPS)",
        "Scale": "0 (Not at all likely) to 10 (Extremely likely)",
        "Scores": "9 and 10 promoters, 7 and 8 passives, 0 to 6 detractors",
        "Who can answer": "whoever was invited by e-mail, for 28 days; and anybody by a public link",
        "Changeable": "not at all",
        "Looked after by": "Ann",
        "Answered": "25.0 % of 4 invitations (95 % interval 4.6 % to 69.9 %), 1 Mar – 31 May 2026",
    }


def test_nobody_asked_is_said_in_words() -> None:
    nothing = ", ".join(str(kind.name) for kind in KINDS.values())
    said = lines("surveys")
    assert said[:3] == [
        "No survey is open at present, so nobody is asked.",
        "What we do not ask at present",
        f"No survey is open about: {nothing}.",
    ]
    assert "At present there is no such address." in said
    assert figures("surveys") == {}


def test_draft_and_closed_surveys_are_left_out() -> None:
    SurveyFactory(status=Survey.Status.DRAFT)
    SurveyFactory(status=Survey.Status.CLOSED)
    assert figures("surveys") == {}


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
    for score in (1, 2, 3, 5):
        AnswerFactory(survey=survey, score=score, answered_at=IN_MAY)
    AnswerFactory(survey=survey, score=1, answered_at=AS_OF)
    found = tables(build("unhappy").blocks)
    assert found["Which answers are told to whom"] == [
        ["A", "1 and 2 of 5", "Ann"],
        ["B", "1 to 3 of 7", "every manager, because its owner has left"],
    ]
    assert found["Unhappy answers, May 2026"] == [["A", "2", "4"], ["B", "no data", "0"]]
    assert figures("unhappy") == {
        "alert:a.scores": "1 and 2 of 5",
        "alert:a.told": "Ann",
        "alert:a.count": "2 of 4 in May 2026",
        "alert:b.scores": "1 to 3 of 7",
        "alert:b.told": "every manager, because its owner has left",
        "alert:b.count": "no data",
    }


def test_unhappy_without_a_survey_of_customers_is_said_in_words() -> None:
    SurveyFactory(kind="enps")
    assert lines("unhappy") == [
        "What counts as unhappy, and who is told",
        "No survey of customers is open, so nobody is told by itself. Complaints come as they come.",
    ]
