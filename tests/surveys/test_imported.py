from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from kpiproject.models import Mail
from surveys import answers, follow_ups, imported, queries, reminders, search, tallies
from surveys.imported import Response
from surveys.models import Answer, FactChange, Invitation, Tally
from tests.factories import AnswerFactory, SurveyFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 1, 2, 10, 30, tzinfo=UTC)


def take_in(*responses, source="desk"):
    with transaction.atomic():
        return imported.take_in(source, responses)


@pytest.mark.parametrize(
    ("source", "kind", "low", "high", "slug"),
    [
        ("zendesk", "csat", 1, 5, "import-zendesk-csat"),
        ("zendesk", "csat", 1, 10, "import-zendesk-csat-1-10"),
        ("zendesk", "nps", 0, 10, "import-zendesk-nps"),
        ("Our old desk", "ces", 1, 7, "import-our-old-desk-190ed6-ces"),
    ],
)
def test_survey_for_imports_has_a_name_of_its_own(source, kind, low, high, slug):
    survey, is_new = imported.survey_for(source, kind, low=low, high=high)
    assert is_new
    assert (survey.slug, survey.status, survey.scale_min, survey.scale_max) == (slug, "closed", low, high)
    assert imported.survey_for(source, kind, low=low, high=high) == (survey, False)
    assert survey.versions.count() == 1


def test_sources_that_look_alike_in_an_address_are_kept_apart():
    slugs = {
        imported.survey_for(source, "csat", low=1, high=5)[0].slug for source in ("Ä", "Ö", "desk", "Desk", "desk!")
    }
    assert len(slugs) == 5
    assert all(len(slug) <= 50 for slug in slugs)


def test_survey_for_imports_has_the_thresholds_of_its_scale():
    found, _is_new = imported.survey_for("x", "csat", low=1, high=4)
    assert (found.middle_from, found.good_from, found.purpose) == (2, 3, "service")
    assert imported.survey_for("x", "csat", low=0, high=100)[0].scale.steps is None
    assert imported.survey_for("x", "enps", low=0, high=10)[0].purpose == "employees"


def test_answer_counts_on_its_day_and_its_invitation_on_the_day_it_was_sent():
    sent = datetime(2026, 1, 1, 9, tzinfo=UTC)
    one = Response(
        external_id="1", survey=SurveyFactory(), score=4, answered_at=AT, invited_at=sent, email="a@example.com"
    )
    taken = take_in(one)
    assert (taken.created, taken.updated) == ({"1"}, set())
    days = sorted(at.date().isoformat() for _pk, at in queries.fact_changes(10))
    assert days == ["2026-01-01", "2026-01-02"]


def test_same_again_writes_nothing():
    one = Response(external_id="1", survey=SurveyFactory(), score=4, answered_at=AT, said={"comment": "fine"})
    take_in(one)
    FactChange.objects.all().delete()
    taken = take_in(one)
    assert (taken.created, taken.updated, FactChange.objects.count()) == (set(), set(), 0)


def test_same_id_of_another_source_is_another_answer():
    one = Response(external_id="1", survey=SurveyFactory(), score=4, answered_at=AT)
    take_in(one)
    assert take_in(one, source="shop").created == {"1"}
    assert Answer.objects.count() == 2


def test_answers_given_here_are_not_touched():
    given = AnswerFactory(score=1)
    take_in(Response(external_id="1", survey=given.survey, score=4, answered_at=AT))
    given.refresh_from_db()
    assert (given.score, given.source, Answer.objects.count()) == (1, "", 2)


def test_invitation_of_an_import_is_found_again_by_its_id():
    survey = SurveyFactory()
    long = "x" * 200
    one = Response(external_id=long, survey=survey, score=None, answered_at=None, invited_at=AT, email="a@example.com")
    assert take_in(one).created == {long}
    later = Response(
        external_id=long, survey=survey, score=5, answered_at=AT, invited_at=AT.replace(hour=8), email="a@example.com"
    )
    assert take_in(later).created == {long}
    invitation = Invitation.objects.get()
    assert (invitation.sent_at, invitation.send_at, invitation.is_answered) == (
        AT.replace(hour=8),
        AT.replace(hour=8),
        True,
    )
    assert take_in(one).updated == {long}  # when it was sent changes, that it was answered stays
    assert Invitation.objects.get().is_answered


def test_comments_are_found_by_their_words_also_after_they_changed():
    survey = SurveyFactory()
    one = Response(external_id="1", survey=survey, score=4, answered_at=AT, said={"comment": "slow delivery"})
    take_in(one)
    assert search.matching(Answer.objects.all(), "deliv").count() == 1
    take_in(replace(one, said={"comment": "friendly people"}))
    assert search.matching(Answer.objects.all(), "deliv").count() == 0
    assert search.matching(Answer.objects.all(), "friend").get().external_id == "1"


def test_nobody_is_written_to_because_of_an_import():
    survey = SurveyFactory(reminder_days=[1])
    now = timezone.now()
    asked = now - timedelta(days=1, hours=1)
    take_in(
        Response(external_id="1", survey=survey, score=None, answered_at=None, invited_at=asked, email="a@example.com"),
        Response(external_id="2", survey=survey, score=1, answered_at=now - timedelta(days=30), email="b@example.com"),
    )
    assert reminders.remind(now) == 0
    assert follow_ups.open_for_unhappy(now) == 0
    assert not Mail.objects.exists()


def test_answers_of_an_import_are_counted_on_the_page_of_their_survey():
    survey, _is_new = imported.survey_for("desk", "csat", low=1, high=5)
    scores = {str(number): score for number, score in enumerate((5, 4, 1))}
    take_in(*[Response(external_id=name, survey=survey, score=score, answered_at=AT) for name, score in scores.items()])
    answers.forget_changes(pk for pk, _at in queries.fact_changes(100))
    tallies.sweep(seconds=5)
    counted = Tally.objects.filter(survey=survey).values_list("day", flat=True).distinct()
    assert [day.isoformat() for day in counted] == ["2026-01-02"]
