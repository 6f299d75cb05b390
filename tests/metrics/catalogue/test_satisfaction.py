import pytest

from kpiproject.lib.periods import Grain
from tests.factories import AnswerFactory, InvitationFactory, SurveyFactory, TicketFactory
from tests.metrics.figures import at, day, organisation, point, points

pytestmark = pytest.mark.django_db


def answers(kind, counts, **values):
    survey = SurveyFactory(kind=kind)
    for score, count in counts.items():
        AnswerFactory.create_batch(count, survey=survey, score=score, **values)


@pytest.mark.parametrize(
    ("vector", "counts", "expected"),
    [
        ("V007", {5: 1, 4: 1, 2: 1, 1: 1}, (50.0, 2, 4, 3.0)),
        ("V008", {5: 1}, (100.0, 1, 1, 5.0)),
        ("V010", {5: 2, 4: 1, 3: 1, 1: 1}, (60.0, 3, 5, 3.6)),
        ("V053", {1: 1, 2: 1, 3: 1, 4: 1, 5: 1}, (40.0, 2, 5, 3.0)),
        ("V077", {5: 42, 4: 32, 3: 10, 2: 9, 1: 14}, (69.158879, 74, 107, 3.738318)),
        ("v169", {1: 1, 3: 1, 4: 3, 5: 5}, (80.0, 8, 10, 4.1)),
    ],
)
def test_csat(vector, counts, expected):
    answers("csat", counts)
    found = point("csat")
    assert (round(found.value, 6), found.part, found.whole, round(found.mean, 6)) == expected
    assert found.n == found.whole


@pytest.mark.parametrize(
    ("vector", "satisfied", "others", "interval"),
    [
        ("v180", 8, 2, (49.0162, 94.3318)),
        ("V098", 74, 33, (59.87, 77.12)),
        ("V100", 27, 27, (37.11, 62.89)),
        ("V101", 3, 2, (23.07, 88.24)),
        ("V103", 10, 0, (72.25, 100.0)),
    ],
)
def test_csat_has_wilsons_interval(vector, satisfied, others, interval):
    answers("csat", {5: satisfied, 1: others})
    found = point("csat")
    assert [found.low, found.high] == pytest.approx(list(interval), abs=0.006)


@pytest.mark.parametrize(
    ("highest", "satisfied"),
    [(2, {2}), (3, {3}), (4, {3, 4}), (5, {4, 5}), (7, {6, 7}), (10, {9, 10})],
)
def test_csat_thresholds_by_scale(highest, satisfied):
    """V082, V083; 7 and 10 points are our own."""
    survey = SurveyFactory(kind="csat", scale_max=highest)
    for score in range(1, highest + 1):
        AnswerFactory(survey=survey, score=score, channel=str(score))
    found = points("csat", by="channel")
    assert {int(one.member) for one in found if one.part} == satisfied
    assert sum(one.n for one in found) == highest


def test_csat_of_a_scale_without_thresholds_is_left_out():
    AnswerFactory(survey=SurveyFactory(kind="csat", scale_max=6), score=6)
    found = point("csat")
    assert (found.value, found.n, found.excluded) == (None, 0, {"scale_unknown": 1})


def test_csat_mean_is_silent_when_scales_mix():
    AnswerFactory(survey=SurveyFactory(kind="csat"), score=5)
    AnswerFactory(survey=SurveyFactory(kind="csat", scale_max=3), score=3)
    found = point("csat")
    assert (found.value, found.n, found.mean) == (100.0, 2, None)
    means = [one.mean for one in points("csat", by="survey")]
    assert sorted(means) == [3.0, 5.0]


@pytest.mark.parametrize(
    ("vector", "counts", "expected"),
    [
        ("V001", {10: 1, 7: 1, 3: 1, 9: 1}, 25.0),
        ("V002", {10: 1}, 100.0),
        ("V004", {5: 1}, -100.0),
        ("V032", {**dict.fromkeys(range(7), 1), 7: 2, 8: 2, 9: 3, 10: 3}, -5.882353),
        ("V034", {7: 5, 8: 5}, 0.0),
        ("V035", dict.fromkeys(range(7), 2), -100.0),
        ("V049", {1: 1, 10: 1, 8: 1, 7: 1, 9: 2}, 33.333333),
        ("V058", {1: 1, 2: 1, 6: 1, 7: 1, 8: 1}, -60.0),
        ("V059", {1: 1, 7: 2, 8: 1, 9: 1, 10: 1}, 16.666667),
        ("V062", dict.fromkeys(range(11), 1), -45.454545),
        ("v168", {9: 3, 7: 1, 2: 1}, 40.0),
    ],
)
def test_nps(vector, counts, expected):
    answers("nps", counts)
    found = point("nps")
    promoters = sum(count for score, count in counts.items() if score >= 9)
    detractors = sum(count for score, count in counts.items() if score <= 6)
    assert (round(found.value, 6), found.part) == (expected, promoters - detractors)
    assert (found.n, found.whole, found.mean) == (sum(counts.values()), sum(counts.values()), None)


@pytest.mark.parametrize(
    ("vector", "promoters", "passives", "detractors", "interval"),
    [
        ("V092", 70, 20, 10, (45.27, 71.24)),
        ("V095", 6, 4, 7, (-42.25, 32.25)),
        ("V097", 10, 0, 0, (47.5, 100.0)),
    ],
)
def test_nps_has_the_adjusted_wald_interval(vector, promoters, passives, detractors, interval):
    answers("nps", {9: promoters, 8: passives, 0: detractors})
    found = point("nps")
    assert (round(found.low, 2), round(found.high, 2)) == interval


def test_nps_needs_eleven_points():
    AnswerFactory(survey=SurveyFactory(kind="nps", scale_min=1, scale_max=10), score=10)
    assert point("nps").excluded == {"scale_unknown": 1}


@pytest.mark.parametrize(
    ("vector", "highest", "scores", "expected"),
    [
        ("V079", 7, [4, 5, 6, 7], (75.0, 3, 4, 5.5)),
        ("V079", 5, [3, 4, 5], (66.666667, 2, 3, 4.0)),
        ("V011", 5, [5, 4, 2, 3], (50.0, 2, 4, 3.5)),
        ("V013", 5, [3], (0.0, 0, 1, 3.0)),
    ],
)
def test_ces(vector, highest, scores, expected):
    survey = SurveyFactory(kind="ces", scale_max=highest)
    for score in scores:
        AnswerFactory(survey=survey, score=score)
    found = point("ces")
    assert (round(found.value, 6), found.part, found.whole, found.mean) == expected


def test_ces_of_two_scales_has_a_share_and_no_mean():
    AnswerFactory(survey=SurveyFactory(kind="ces"), score=7)
    AnswerFactory(survey=SurveyFactory(kind="ces", scale_max=5), score=1)
    found = point("ces")
    assert (found.value, found.mean) == (50.0, None)


@pytest.mark.parametrize("code", ["csat", "nps", "ces", "survey_response_rate"])
def test_nothing_asked_is_none_and_not_zero(code):
    """V022, V023, V025"""
    AnswerFactory(survey=SurveyFactory(kind="esat"))
    InvitationFactory(sent_at=None)
    found = point(code, start=day("2026-03-01"), end=day("2026-04-01"))
    assert (found.value, found.n, found.low, found.high, found.mean) == (None, 0, None, None, None)


def test_pooled_scores_come_from_answers_not_from_scores():
    answers("nps", {10: 1})
    answers("nps", {0: 3})
    assert point("nps").value == -50.0


def test_latest_answer_about_a_ticket_counts():
    survey = SurveyFactory(kind="csat")
    about = {"survey": survey, "ticket": "T-1", "ticket_source": "desk"}
    AnswerFactory(**about, score=1, answered_at="2026-03-02T10:00Z")
    AnswerFactory(**about, score=5, answered_at="2026-03-04T10:00Z")
    AnswerFactory(survey=survey, ticket="T-1", ticket_source="other", score=1, answered_at="2026-03-02T10:00Z")
    found = points("csat", grain=Grain.DAY)
    assert [(one.part, one.whole, one.excluded) for one in found] == [
        (0, 1, {"answered_again": 1}),
        (0, 0, {}),
        (1, 1, {}),
    ]


def scored(**values):
    return TicketFactory(
        **{"satisfaction_score": 4, "satisfaction_scale": 5, "satisfaction_at": "2026-03-04T10:00Z"} | values
    )


def test_score_of_a_ticket_counts_unless_a_survey_was_answered():
    scored()
    answered, named = scored(), scored()
    AnswerFactory(ticket=answered.external_id, ticket_source="test", score=1, answered_at="2026-03-05T10:00Z")
    AnswerFactory(ticket=named.external_id, ticket_source="", score=1, answered_at="2026-03-05T10:00Z")
    found = points("csat", grain=Grain.DAY)
    assert [(str(one.start), one.part, one.whole) for one in found] == [("2026-03-04", 1, 1), ("2026-03-05", 0, 2)]


def test_score_of_a_ticket_brings_its_members_and_reasons():
    scored(channel="chat", is_test=True)
    scored(channel="chat", satisfaction_scale=None)
    scored(channel="mail", satisfaction_score=6, satisfaction_scale=5)
    scored(channel="mail", satisfaction_score=2, satisfaction_scale=2)
    found = {one.member: one for one in points("csat", by="channel")}
    assert (found["chat"].n, found["chat"].value, found["chat"].excluded) == (1, 100.0, {"test": 1})
    assert (found["mail"].n, found["mail"].value, found["mail"].excluded) == (1, 100.0, {"off_scale": 1})


def test_score_without_a_time_of_its_own_counts_at_the_end_of_its_ticket():
    scored(satisfaction_at=None, solved_at="2026-03-05T10:00Z", closed_at="2026-03-08T10:00Z")
    scored(satisfaction_at=None, closed_at="2026-03-06T10:00Z", satisfaction_score=1)
    scored(satisfaction_at=None, created_at="2026-03-03T10:00Z", satisfaction_scale=None)
    found = points("csat", grain=Grain.DAY)
    assert [(str(one.start), one.part, one.whole) for one in found] == [
        ("2026-03-03", 1, 1),
        ("2026-03-04", 0, 0),
        ("2026-03-05", 1, 1),
        ("2026-03-06", 0, 1),
    ]


def test_survey_response_rate_follows_the_day_of_sending():
    """V028 and the cohort rule: 20 of 50 answered, two could not be delivered."""
    organisation(time_zone="Europe/Berlin")
    survey = SurveyFactory()
    for number in range(52):
        invitation = InvitationFactory(
            survey=survey,
            created_at=at("2026-02-28 23:30"),  # already March in Berlin
            bounced_at=at("2026-03-01 10:00") if number >= 50 else None,
            is_answered=number < 20,
        )
        if number < 20:
            AnswerFactory(survey=survey, invitation=invitation, answered_at=at("2026-04-02 10:00"))
    found = points("survey_response_rate", grain=Grain.MONTH)
    assert [(str(one.start), one.value, one.part, one.whole) for one in found] == [
        ("2026-03-01", 40.0, 20, 50),
        ("2026-04-01", None, 0, 0),
    ]
    assert found[0].excluded == {"bounced": 2}


def test_response_rate_counts_the_same_invitations_on_both_sides():
    """V088: three sent in March, one of them answered by its end, and one answer to a mail of February: 33 %. Answers
    that come later still belong to the mails of March, so that a rate grows but never exceeds 100."""
    InvitationFactory(sent_at="2026-02-20T10:00Z", is_answered=True)
    InvitationFactory(sent_at="2026-03-02T10:00Z", is_answered=True)
    late, _never = InvitationFactory.create_batch(2, sent_at="2026-03-30T10:00Z")
    march = {"start": day("2026-03-01"), "end": day("2026-04-01")}
    found = point("survey_response_rate", **march)
    assert (found.part, found.whole, round(found.value)) == (1, 3, 33)
    late.is_answered = True
    late.save()
    found = point("survey_response_rate", **march)
    assert (found.part, found.whole, round(found.value)) == (2, 3, 67)
