import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from surveys import signed_links, versions
from surveys.models import Answer, AnswerChange, Question, Translation
from tests.factories import SurveyFactory

pytestmark = pytest.mark.django_db
CONTEXT = {"ticket": "4711", "source": "zendesk", "agent": "ada", "team": "Billing", "channel": "chat"}


@pytest.fixture(autouse=True)
def _nobody_counted_yet():
    cache.clear()


@pytest.fixture
def survey():
    return SurveyFactory(slug="mine")


def link(survey, **context: str) -> str:
    return f"/a/mine/?{signed_links.query(survey, context or CONTEXT)}"


def stored() -> list[tuple[int, str]]:
    return list(Answer.objects.order_by("id").values_list("score", "comment"))


def test_answer_counts_under_what_was_signed(client, survey):
    path = link(survey)
    response = client.post(path, {"score": "4", "comment": "kind"})
    assert (response.status_code, response["Location"]) == (303, path.replace("/?", "/thanks/?"))
    assert client.get(response["Location"]).status_code == 200
    [answer] = Answer.objects.all()
    assert (answer.score, answer.comment, answer.origin) == (4, "kind", "link")
    assert (answer.ticket, answer.ticket_source, answer.agent, answer.team, answer.channel) == (
        "4711", "zendesk", "ada", "Billing", "chat",
    )  # fmt: skip
    assert (answer.category, answer.customer) == ("", "")


@pytest.mark.parametrize("kind", ["csat", "esat"])
def test_page_says_that_what_the_link_tells_is_stored(client, kind):
    survey = SurveyFactory(slug="mine", kind=kind)
    page = client.get(link(survey, team="Billing")).content.decode()
    assert ("but not who you are" in page, "together with what this link tells" in page) == (False, kind == "csat")
    assert ("together with your team" in page) == (kind == "esat")


def test_form_and_links_keep_what_was_signed(client, survey):
    Translation.objects.create(survey=survey, language="de", question="Wie zufrieden waren Sie?")
    versions.ensure(survey)
    path = link(survey)
    page = client.get(path).content.decode().replace("&amp;", "&")
    assert f'action="{path}"' in page
    german = re.findall(r'href="(\?[^"]*lang=de[^"]*)"', page)[0]
    shown = client.get(f"/a/mine/{german}")
    assert "Wie zufrieden waren Sie?" in shown.content.decode()
    response = client.post(path, {"score": "4", "lang": "de"})
    assert client.get(response["Location"])["Content-Language"] == "de"


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_never_records(client, survey, method):
    assert getattr(client, method)(f"{link(survey)}&r=4").status_code == 200
    assert stored() == []


@pytest.mark.parametrize(
    ("old", "new"), [("4711", "4712"), ("ada", "bob"), ("&team=Billing", ""), ("s=", "s=A"), ("?", "?category=x&")]
)
def test_link_that_was_changed_records_nothing(client, survey, old, new):
    path = link(survey).replace(old, new, 1)
    page = client.get(path)
    assert page.status_code == 404
    assert "It is not complete, or it was changed on its way." in page.content.decode()
    assert client.post(path, {"score": "1"}).status_code == 404
    assert stored() == []


def test_context_in_the_form_itself_is_not_looked_at(client, survey):
    client.post(link(survey, ticket="4711"), {"score": "4", "agent": "eve", "ticket": "1", "team": "x"})
    assert list(Answer.objects.values_list("ticket", "agent", "team")) == [("4711", "", "")]


@pytest.mark.parametrize("path", ["/a/nothing/?ticket=1&s=AAAAAAAAAAAAAAAAAAAAAA", "/a/mine/", "/a/mine/thanks/"])
def test_link_to_nothing_is_404(client, survey, path):
    assert client.get(path).status_code == 404


def test_guesses_are_put_off_and_right_links_are_not(client, survey):
    statuses = {client.get(f"/a/mine/?ticket={number}&s={'A' * 22}").status_code for number in range(99)}
    assert statuses == {404, 429}
    assert client.get(link(survey)).status_code == 200


@pytest.mark.parametrize("status", ["draft", "closed"])
def test_survey_that_is_not_open_takes_nothing(client, status):
    survey = SurveyFactory(slug="mine", status=status)
    assert client.get(link(survey)).status_code == 410
    assert client.post(link(survey), {"score": "4"}).status_code == 410
    assert stored() == []


def test_new_secret_kills_the_links_that_were_sent(client, survey):
    path = link(survey)
    signed_links.renew_secret(survey)
    assert client.get(path).status_code == 404
    assert client.post(path, {"score": "4"}).status_code == 404


# --- One ticket, one answer ---------------------------------------------------------------------------------------
def test_one_ticket_has_one_answer_whoever_sent_the_link(client, survey):
    client.post(link(survey, ticket="1", agent="ada"), {"score": "2", "comment": "slow"})
    client.post(link(survey, ticket="1", agent="bob"), {"score": "5", "comment": "mended"})
    assert stored() == [(5, "mended")]
    assert list(AnswerChange.objects.values_list("score", "comment")) == [(2, "slow")]
    assert Answer.objects.get().agent == "ada"
    client.post(link(survey, ticket="2", agent="ada"), {"score": "4"})
    assert stored() == [(5, "mended"), (4, "")]


def test_form_key_that_somebody_sends_is_not_looked_at(client, survey):
    client.post(link(survey, ticket="1"), {"score": "2", "form_key": "A" * 22})
    client.post(link(survey, ticket="1"), {"score": "3", "form_key": "B" * 22})
    assert stored() == [(3, "")]


def test_earlier_answer_is_told_of_and_not_shown(client, survey):
    path = link(survey)
    note = "An answer has been given already. If you send another one, it replaces the first."
    assert note not in client.get(path).content.decode()
    client.post(path, {"score": "2", "comment": "My name is Ada"})
    page = client.get(path).content.decode()
    assert note in page
    assert "Ada" not in page
    assert " checked" not in page
    wrong = client.post(path, {"score": "x"}).content.decode()
    assert "Ada" not in wrong


def test_second_answer_without_words_keeps_the_first_ones(client, survey):
    path = link(survey)
    client.post(path, {"score": "2", "comment": "slow"})
    client.post(path, {"score": "4", "comment": ""})
    assert stored() == [(4, "slow")]


def test_answer_stays_as_it_is_from_the_lock_on(client, survey):
    path = link(survey)
    client.post(path, {"score": "2"})
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        assert client.get(path).status_code == 410
        assert client.post(path, {"score": "5"}).status_code == 410
    assert stored() == [(2, "")]


def test_link_without_a_ticket_is_for_many(client, survey):
    for _person in range(2):
        client.post(link(survey, agent="ada"), {"score": "4"})
    assert stored() == [(4, ""), (4, "")]


def test_link_of_employees_says_nothing_but_the_team(client):
    survey = SurveyFactory(slug="mine", kind="esat")
    client.post(link(survey, team="Billing"), {"score": "4"})
    signed = signed_links.canonical({"agent": "ada", "ticket": "1"})
    by_hand = f"/a/mine/?{signed}&s={signed_links.signature(survey.link_secret, signed)}"
    for _time in range(2):
        client.post(by_hand, {"score": "3"})
    assert sorted(Answer.objects.values_list("score", "team", "agent", "ticket")) == [
        (3, "", "", ""), (3, "", "", ""), (4, "Billing", "", ""),
    ]  # fmt: skip


def test_further_questions_follow_on_the_thanks(client, survey):
    question = Question.objects.create(
        survey=survey, kind="short", standings=[-1], prompts={"en": {"prompt": "What went wrong?"}}
    )
    versions.ensure(survey)
    response = client.post(link(survey), {"score": "1"})
    thanks = client.get(response["Location"])
    assert "What went wrong?" in thanks.content.decode()
    assert client.post(link(survey), {f"q{question.pk}": "It broke", "asked": str(question.pk)}).status_code == 303
    assert list(question.replies.values_list("text", "answer__score")) == [("It broke", 1)]


def test_page_sets_no_cookie_and_keeps_within_its_queries(client, survey, django_assert_max_num_queries):
    path = link(survey)
    client.get(path)
    with django_assert_max_num_queries(5):
        response = client.get(path)
    with django_assert_max_num_queries(12):
        posted = client.post(path, {"score": "4"})
    assert not response.cookies
    assert not posted.cookies
