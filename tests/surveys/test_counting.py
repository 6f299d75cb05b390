from datetime import UTC, date, datetime, timedelta

import pytest

from surveys import answers, counting
from surveys.answers import Given, Said
from surveys.counting import Days
from surveys.models import Answer, Click, Entrance
from tests.factories import SurveyFactory
from tests.surveys.counted import NOON, ask, further, give

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def told(tallies, *names):
    """Dimension and member of each, with some of its sums."""
    return {(one.dimension, one.member): tuple(getattr(one, name) for name in names) for one in tallies}


def test_answers_add_up_by_score_and_by_what_they_are_counted_by():
    survey = SurveyFactory()  # 1 to 5: 4 and 5 are good, 3 is middling
    give(survey, [5, 4], team="Billing", channel="chat", comment="Thanks")
    give(survey, [3, 1], team="Tech", language="de")
    found = counting.answers(Days([DAY], "UTC"))
    sums = told(found, "n", "good", "middle", "bad", "commented", "scored", "total", "square")
    assert sums["", ""] == (4, 2, 1, 1, 2, 4, 13, 25 + 16 + 9 + 1)
    assert {member: n for (name, member), (n, *_rest) in sums.items() if name == "score"} == {
        "5": 1,
        "4": 1,
        "3": 1,
        "1": 1,
    }
    assert sums["team", "Billing"][:4] == (2, 2, 0, 0)
    assert sums["team", "Tech"][:4] == (2, 0, 1, 1)
    assert sums["channel", ""][:2] == (2, 0)
    assert sums["language", "de"][:1] == (2,)
    assert sums["version", str(survey.current_version_id)][:1] == (4,)


def test_answer_on_another_scale_counts_by_its_standing_and_in_no_mean():
    survey = SurveyFactory()
    give(survey, [5])
    Answer.objects.create(survey=survey, kind="csat", score=9, scale_min=1, scale_max=10, standing=1, answered_at=NOON)
    sums = told(counting.answers(Days([DAY], "UTC"), dimensions=["", "score"]), "n", "good", "scored", "total")
    assert sums == {("", ""): (2, 2, 1, 5), ("score", "5"): (1, 1, 1, 5)}


def test_places_are_counted_where_there_are_any():
    survey = SurveyFactory()
    till = Entrance.objects.create(survey=survey, kind="kiosk", name="Till 2")
    give(survey, [5], entrance=till, origin="kiosk")
    give(survey, [5])
    assert told(counting.answers(Days([DAY], "UTC"), dimensions=["entrance"]), "n") == {
        ("entrance", str(till.pk)): (1,)
    }


@pytest.mark.parametrize(
    ("zone", "by_day"),
    [
        ("UTC", {date(2026, 3, 28): 2, date(2026, 3, 29): 1}),
        # 23:30 UTC is 0:30 of the next day; the night in which the clocks change does not move anything
        ("Europe/Berlin", {date(2026, 3, 28): 1, date(2026, 3, 29): 2}),
        ("America/New_York", {date(2026, 3, 28): 3}),
    ],
)
def test_days_are_those_of_the_zone(zone, by_day):
    survey = SurveyFactory()
    for at in ("2026-03-28 12:00", "2026-03-28 23:30", "2026-03-29 01:30"):
        give(survey, [5], at=datetime.fromisoformat(at).replace(tzinfo=UTC))
    wanted = [date(2026, 3, 27) + timedelta(days=n) for n in range(4)]
    found = counting.answers(Days(wanted, zone), dimensions=[""])
    assert {one.day: one.n for one in found} == by_day


def test_days_with_gaps_leave_out_what_lies_between():
    survey = SurveyFactory()
    for number in range(5):
        give(survey, [5], at=NOON + timedelta(days=number))
    wanted = [DAY, DAY + timedelta(days=1), DAY + timedelta(days=3)]
    assert [one.day for one in counting.answers(Days(wanted, "UTC"), dimensions=[""])] == wanted


def test_stages_of_the_invitations_sent_on_a_day():
    survey = SurveyFactory()
    answered, silent, clicked, bounced = (ask(survey, 1)[0] for _number in range(4))
    answers.record(answered, Given(score=5, comment="Thanks"), now=NOON + timedelta(hours=1))
    clicked.clicked_at = NOON
    clicked.save()
    bounced.bounced_at = NOON
    bounced.save()
    Click.objects.create(invitation=silent, score=1, sign="head")
    Click.objects.create(invitation=silent, score=2, sign="two_scores")
    ask(survey, 1, at=NOON + timedelta(days=1))
    stages = {member: n for (_stage, member), (n,) in told(counting.invitations(Days([DAY], "UTC")), "n").items()}
    assert stages == {
        "sent": 4,
        "bounced": 1,
        "clicked": 2,
        "unconfirmed": 1,
        "answered": 1,
        "commented": 1,
        "machine": 2,
    }


def test_further_questions_are_counted_by_option_and_by_how_far_people_came():
    survey = SurveyFactory()
    reasons = further(survey, "multiple", options=["price", "speed"], position=1)
    ease = further(survey, "scale", position=2)
    only_unhappy = further(survey, "long", standings=[-1], position=3)
    for replies in (
        {reasons.pk: Said(choices=("price", "speed")), ease.pk: Said(number=4)},
        {ease.pk: Said(number=2)},
        {},
    ):
        answers.record_public(survey, Given(score=5, replies=replies), now=NOON)
    answers.record_public(survey, Given(score=1, replies={only_unhappy.pk: Said(text="Slow")}), now=NOON)
    found = told(counting.replies(Days([DAY], "UTC")), "n", "good", "middle", "bad", "scored", "total")
    assert found == {
        ("asked", str(reasons.pk)): (4, 1, 2, 1, 0, 0),  # who said nothing at all left at the first question
        ("asked", str(ease.pk)): (3, 2, 1, 0, 2, 6),
        ("asked", str(only_unhappy.pk)): (1, 1, 0, 0, 0, 0),  # the satisfied were never shown it
        (f"q{reasons.pk}", "price"): (1, 0, 0, 0, 0, 0),
        (f"q{reasons.pk}", "speed"): (1, 0, 0, 0, 0, 0),
        (f"q{ease.pk}", "4"): (1, 0, 0, 0, 0, 0),
        (f"q{ease.pk}", "2"): (1, 0, 0, 0, 0, 0),
    }


def test_surveys_are_counted_apart():
    one, other = SurveyFactory(), SurveyFactory()
    give(one, [5])
    give(other, [1, 1])
    found = counting.answers(Days([DAY], "UTC"), dimensions=[""])
    assert {tally.survey_id: (tally.n, tally.good) for tally in found} == {one.pk: (1, 1), other.pk: (2, 0)}
    assert [tally.survey_id for tally in counting.answers(Days([DAY], "UTC"), [other.pk], [""])] == [other.pk]
