import re

import pytest

from surveys import lifecycle, starting, versions, writing
from surveys.blueprints import BLUEPRINTS
from surveys.models import Survey
from surveys.starting import Start
from tests.factories import AnswerFactory, ManagerFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
PATH = "/surveys/mine/versions/"


@pytest.fixture
def manager(client):
    client.force_login(ManagerFactory(name="Ann"))
    return client


def made(code: str = "csat") -> Survey:
    survey = starting.from_blueprint(BLUEPRINTS[code], Start(name="Mine", slug="mine", languages=["en", "de"]))
    lifecycle.open_survey(survey)
    return survey


def rewrite(survey: Survey, **texts: str) -> str:
    survey = Survey.objects.get(pk=survey.pk)
    said = writing.words(survey, "en")
    writing.save_words(survey, "en", {**said, **texts}, seen=writing.fingerprint(said))
    return versions.content_of(Survey.objects.get(pk=survey.pk)).digest


def test_staff_may_look_and_not_ask_anew(client):
    survey = made()
    digest = rewrite(survey, question="Else?")
    client.force_login(UserFactory())
    assert client.get(PATH).status_code == 403
    client.force_login(StaffFactory())
    page = client.get(PATH).content.decode()
    assert "Else?" in page
    assert "/versions/ask/" not in page
    assert client.post(f"{PATH}ask/", {"digest": digest}).status_code == 403
    assert client.post(f"{PATH}restore/", {"number": "1"}).status_code == 403
    assert survey.versions.count() == 1


def test_difference_is_shown_and_asked_after_confirming(manager):
    survey = made()
    answer = AnswerFactory(survey=survey, version=survey.current_version)
    digest = rewrite(survey, question="Else?")
    page = manager.get(PATH).content.decode()
    assert "Confirming makes version 2. Answers given before keep the version they were given to" in page
    assert "<del>How satisfied were you with the service you received today?</del>" in page
    assert "<ins>Else?</ins>" in page
    page = manager.post(f"{PATH}ask/", {"digest": digest}, follow=True).content.decode()
    assert "From now on version 2 is asked. Answers given before keep theirs." in page
    assert re.findall(r"Version (\d)", page) == ["2", "1"]
    assert re.findall(r"(\d) answers?\b", page) == ["0", "1"]
    assert "· Ann" in page
    answer.refresh_from_db()
    assert answer.version.number == 1


def test_what_was_not_read_is_not_asked(manager):
    survey = made()
    digest = rewrite(survey, question="Read?")
    rewrite(survey, question="Not read?")
    page = manager.post(f"{PATH}ask/", {"digest": digest}, follow=True).content.decode()
    assert "Somebody has written on meanwhile. Please read what is different now, then confirm." in page
    assert survey.versions.count() == 1


def test_pressing_twice_is_one_version(manager):
    survey = made()
    digest = rewrite(survey, question="Else?")
    for _number in range(2):
        manager.post(f"{PATH}ask/", {"digest": digest})
    assert survey.versions.count() == 2


def test_gaps_must_be_accepted_and_faults_be_mended(manager):
    survey = made()
    digest = rewrite(survey, privacy_note="We keep it.")
    page = manager.post(f"{PATH}ask/", {"digest": digest}, follow=True).content.decode()
    assert "Missing in Deutsch: privacy note." in page
    assert survey.versions.count() == 1
    manager.post(f"{PATH}ask/", {"digest": digest, "gaps": "on"})
    assert survey.versions.count() == 2


def test_draft_is_opened_and_not_asked_anew(manager):
    survey = starting.from_blueprint(BLUEPRINTS["csat"], Start(name="Mine", slug="mine", languages=["en"]))
    digest = versions.content_of(survey).digest
    page = manager.post(f"{PATH}ask/", {"digest": digest}, follow=True).content.decode()
    assert "This survey was never open" in page
    assert survey.versions.count() == 0


def test_version_is_written_again_and_only_asked_after_confirming(manager):
    survey = made()
    manager.post(f"{PATH}ask/", {"digest": rewrite(survey, question="Else?")})
    manager.post(f"{PATH}restore/", {"number": "1"})
    survey.refresh_from_db()
    assert survey.question == "How satisfied were you with the service you received today?"
    assert survey.current_version.number == 2
    assert manager.post(f"{PATH}restore/", {"number": "9"}).status_code == 404


def test_answers_of_employees_are_not_counted_by_version(manager):
    survey = made("esat")
    AnswerFactory.create_batch(6, survey=survey, version=survey.current_version)
    assert not re.search(r"\d answers?\b", manager.get(PATH).content.decode())


def test_list_is_paginated_and_needs_the_same_number_of_queries(manager, django_assert_max_num_queries):
    survey = made()
    with django_assert_max_num_queries(20) as few:
        manager.get(PATH)
    for number in range(11):
        rewrite(survey, question=f"No. {number}?")
        lifecycle.ask_anew(Survey.objects.get(pk=survey.pk))
    with django_assert_max_num_queries(len(few) + 1):  # the one before the first that is shown
        page = manager.get(PATH).content.decode()
    assert re.findall(r"<h3>Version (\d+)", page) == [str(number) for number in range(12, 2, -1)]
    assert "<del>No. 0?</del>" in page  # what the third changed against the second
    assert manager.get(f"{PATH}?page=2").content.decode().count('class="version"') == 2
