import base64
import gzip
import hashlib
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from kpiproject import queries as ground
from surveys import answers, history
from surveys.answers import Given
from surveys.history import Past
from surveys.models import Answer, AnswerChange, FactChange
from surveys.views import brand
from tests.factories import InvitationFactory, ManagerFactory, SurveyFactory

pytestmark = pytest.mark.django_db
UNKNOWN = "AAAAAAAAAAAAAAAAAAAAAA"
PERSON = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


@pytest.fixture
def invitation():
    return InvitationFactory(survey__kind="nps")


def url(invitation, tail: str = "") -> str:
    return f"/s/{invitation.token}/{tail}"


def checked(response) -> list[str]:
    return re.findall(r'value="(\d+)"[^>]* checked', response.content.decode())


def stored() -> list[tuple[int, str]]:
    return list(Answer.objects.values_list("score", "comment"))


# --- Showing ------------------------------------------------------------------------------------------------------
def test_page_asks_the_frozen_question_on_the_frozen_scale(client, invitation):
    invitation.survey.question = "Something else?"
    invitation.survey.save()
    page = client.get(url(invitation)).content.decode()
    assert "How likely are you to recommend" in page
    assert "Something else?" not in page
    assert re.findall(r'type="radio" name="score" value="(\d+)"', page) == [str(score) for score in range(11)]
    assert re.findall(r'aria-label="([^"]+)"', page)[::10] == [
        "0 out of 10, Not at all likely",
        "10 out of 10, Extremely likely",
    ]
    assert page.count("<button>") == 1


@pytest.mark.parametrize(
    ("query", "chosen"),
    [
        ("?r=9", ["9"]),
        ("?r=0", ["0"]),
        ("?r=10", ["10"]),
        ("", []),
        ("?r=", []),
        ("?r=11", []),
        ("?r=-1", []),
        ("?r=abc", []),
        ("?r=9.0", []),
        ("?r=09", []),
        ("?r=٣", []),
        ("?r=<script>", []),
        ("?r=3&r=4", ["4"]),
    ],
)
def test_link_of_a_score_only_chooses_it(client, invitation, query, chosen):
    response = client.get(url(invitation) + query)
    assert (response.status_code, checked(response)) == (200, chosen)


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("path", ["", "?r=9", "thanks/"])
def test_looking_never_records(client, invitation, method, path):
    getattr(client, method)(url(invitation, path))
    assert (Answer.objects.count(), FactChange.objects.count()) == (0, 0)


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_other_methods_are_refused(client, invitation, method):
    assert getattr(client, method)(url(invitation)).status_code == 405


def test_page_is_in_the_language_of_its_survey(client):
    invitation = InvitationFactory(survey__language="de")
    response = client.get(url(invitation), headers={"accept-language": "fr"})
    assert response["Content-Language"] == "de"
    assert '<html lang="de" dir="ltr">' in response.content.decode()


# --- Recording ----------------------------------------------------------------------------------------------------
def test_post_records_and_leads_to_the_thanks(client, invitation):
    response = client.post(url(invitation), {"score": "9", "comment": " Kind & quick\r\nThank you "})
    assert (response.status_code, response["Location"]) == (303, url(invitation, "thanks/"))
    assert stored() == [(9, "Kind & quick\nThank you")]
    thanks = client.get(response["Location"])
    assert thanks.status_code == 200
    assert "Your answer has been recorded." in thanks.content.decode()


def test_post_in_the_plain_form_encoding_records_too(client, invitation):
    body = "score=0&comment=a%00b"
    response = client.post(url(invitation), body, content_type="application/x-www-form-urlencoded")
    assert (response.status_code, stored()) == (303, [(0, "ab")])


@pytest.mark.parametrize(
    ("score", "sentence"),
    [
        (None, "Please choose a number."),
        ("", "Please choose a number."),
        ("11", "“11” is not on this scale. Please choose one of the numbers."),
        ("-1", "“-1” is not on this scale. Please choose one of the numbers."),
        ("9.5", "“9.5” is not on this scale. Please choose one of the numbers."),
        ("nine", "“nine” is not on this scale. Please choose one of the numbers."),
    ],
)
def test_post_without_a_score_of_the_scale_is_422_and_keeps_the_comment(client, invitation, score, sentence):
    data = {"comment": "kept <b>"} | ({} if score is None else {"score": score})
    response = client.post(url(invitation), data)
    page = response.content.decode()
    assert (response.status_code, stored()) == (422, [])
    assert page.count(sentence) == 2
    assert ">\nkept &lt;b&gt;</textarea>" in page


def test_comment_that_is_too_long_is_given_back_whole(client, invitation):
    comment = "ä" * 100_000
    response = client.post(url(invitation), {"score": "3", "comment": comment})
    page = response.content.decode()
    assert (response.status_code, stored(), checked(response)) == (422, [], ["3"])
    assert f">\n{comment}</textarea>" in page
    assert "Your comment has 100000 characters, and at most 5000 can be sent." in page


def test_comment_of_the_greatest_length_counts_line_breaks_once(client, invitation):
    comment = "x\r\n" * 2500
    response = client.post(url(invitation), {"score": "3", "comment": f"{comment[:-2]}y"})
    assert response.status_code == 303
    assert len(Answer.objects.get().comment) == 5000


def test_body_beyond_all_measure_gets_a_page_and_not_a_crash(client, invitation):
    body = "score=3&comment=" + "x" * 1_100_000
    response = client.post(url(invitation), body, content_type="application/x-www-form-urlencoded")
    assert (response.status_code, stored()) == (413, [])
    assert "Your comment is too large" in response.content.decode()


@pytest.mark.parametrize("path", ["s", "p", "u"])
def test_file_that_nobody_asked_for_is_not_kept(client, invitation, settings, tmp_path, path):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "nothing can be written here")
    SurveyFactory(slug="shop", has_public_link=True)
    address = {"s": url(invitation), "p": "/p/shop/", "u": f"/u/{invitation.token}/"}[path]
    response = client.post(address, {"score": "3", "comment": "x", "more": SimpleUploadedFile("a.bin", b"x" * 9000)})
    assert (response.status_code, response.wsgi_request.FILES) == (200 if path == "u" else 303, {})
    assert stored() == ([] if path == "u" else [(3, "x")])


def test_file_beyond_all_measure_is_not_even_read(client, invitation):
    data = {"score": "3", "file": SimpleUploadedFile("a.bin", b"x" * 1_100_000)}
    response = client.post(url(invitation), data)
    assert (response.status_code, stored()) == (413, [])
    assert "Nothing was recorded." in response.content.decode()


def test_same_post_twice_is_one_answer(client, invitation):
    for _time in range(2):
        assert client.post(url(invitation), {"score": "9", "comment": "x"}).status_code == 303
    assert (stored(), AnswerChange.objects.count()) == ([(9, "x")], 0)


def test_later_post_changes_the_answer_and_keeps_the_history(client, invitation):
    client.post(url(invitation), {"score": "2", "comment": "slow"})
    again = client.get(url(invitation))
    assert (checked(again), ">\nslow</textarea>" in again.content.decode()) == (["2"], True)
    client.post(url(invitation), {"score": "8", "comment": "solved"})
    assert stored() == [(8, "solved")]
    assert list(AnswerChange.objects.values_list("score", "comment")) == [(2, "slow")]


def test_link_of_another_score_is_offered_but_not_recorded_after_an_answer(client, invitation):
    client.post(url(invitation), {"score": "2"})
    assert checked(client.get(url(invitation) + "?r=7")) == ["7"]
    assert stored() == [(2, "")]


@pytest.mark.parametrize("kind", ["esat", "enps"])
def test_answer_of_an_employee_is_not_shown_to_whoever_opens_the_link(client, kind):
    invitation = InvitationFactory(survey__kind=kind)
    before = client.get(url(invitation)).content
    client.post(url(invitation), {"score": "2", "comment": "my boss"})
    assert b"my boss" not in client.get(url(invitation)).content
    assert b"my boss" not in before
    assert client.post(url(invitation), {"score": "4", "comment": "better"}).status_code == 410
    assert stored() == [(2, "my boss")]


# --- When it is over ----------------------------------------------------------------------------------------------
def expired():
    return InvitationFactory(created_at=timezone.now() - timedelta(days=28))


def closed():
    return InvitationFactory(survey__status="closed")


def locked():
    asked = InvitationFactory(created_at=timezone.now() - timedelta(days=20), survey__lock_after_days=14)
    answers.record(asked, Given(score=1, comment="first"), now=timezone.now() - timedelta(days=15))
    return asked


@pytest.mark.parametrize(
    ("make", "sentence", "kept"),
    [
        (expired, "This invitation has expired", []),
        (closed, "This survey is closed", []),
        (locked, "Your answer has been counted", [(1, "first")]),
    ],
)
def test_page_that_is_over_is_410_with_a_sentence(client, make, sentence, kept):
    address = url(make())
    for response in (client.get(address), client.post(address, {"score": "5", "comment": "late"})):
        assert response.status_code == 410
        assert f"<h1>{sentence}</h1>" in response.content.decode()
    assert stored() == kept


@pytest.mark.parametrize("tail", ["", "thanks/"])
@pytest.mark.parametrize("token", [UNKNOWN, "short", "A" * 23, "AAAAAAAAAAAAAAAAAAAAA%00", "..", "<b>"])
def test_unknown_token_is_404_with_a_sentence(client, invitation, token, tail):
    response = client.get(f"/s/{token}/{tail}")
    assert response.status_code == 404
    assert client.post(f"/s/{token}/", {"score": "5"}).status_code == 404
    assert stored() == []


def test_tampered_token_is_404_and_names_nobody(client, invitation):
    token = invitation.token[:-1] + ("A" if invitation.token[-1] != "A" else "B")
    response = client.get(f"/s/{token}/")
    assert response.status_code == 404
    assert "<h1>This link does not lead anywhere</h1>" in response.content.decode()


def test_thanks_without_an_answer_leads_back_to_the_question(client, invitation):
    response = client.get(url(invitation, "thanks/"))
    assert (response.status_code, response["Location"]) == (302, url(invitation))


def test_thanks_offers_a_change_only_while_it_is_possible(client, invitation):
    client.post(url(invitation), {"score": "5"})
    assert "Change my answer" in client.get(url(invitation, "thanks/")).content.decode()
    assert "Change my answer" not in client.get(url(locked(), "thanks/")).content.decode()


# --- What it costs, and what it tells -----------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["", "?r=3", "thanks/"])
def test_no_cookie_no_cache_no_referrer(client, invitation, path):
    for response in (client.get(url(invitation, path)), client.post(url(invitation), {"score": "5"})):
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
        assert (response["Cache-Control"], response["Referrer-Policy"]) == ("no-store", "no-referrer")
        assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_post_needs_no_csrf_token_even_of_somebody_who_is_logged_in(invitation):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ManagerFactory())
    response = strict.post(url(invitation), {"score": "5"})
    assert (response.status_code, "Set-Cookie" in response) == (303, False)


def downloaded(client, address: str) -> tuple[str, list[str], int]:
    """The page, what else it makes a browser fetch, and how much that is, compressed, in bytes."""
    page = client.get(address).content.decode()
    linked = re.findall(r'<(?:link|script|img|iframe|source|object)\b[^>]*?(?:href|src|data)="([^"]+)"', page)
    parts = [url for url in linked if not url.startswith("data:")]
    fetched = [client.get(part).content for part in parts]
    return page, parts, sum(len(gzip.compress(part)) for part in [page.encode(), *fetched])


def test_page_is_two_requests_and_light(client, invitation):
    page, parts, total = downloaded(client, url(invitation))
    assert re.findall(r"<(?:img|iframe)\b|\bstyle=|<style|\bon\w+=|<script ", page) == []
    assert parts == [brand.style_url(ground.organisation())]
    assert total <= 14_000


def test_policy_lets_only_the_script_of_the_page_run(client, invitation):
    response = client.get(url(invitation))
    script = re.findall(r"<script>(.*?)</script>", response.content.decode(), re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script[0].encode()).digest()).decode()
    sources = re.findall(r"script-src ([^;]+)", response["Content-Security-Policy"])
    assert (len(script), sources) == (1, [f"'self' 'sha256-{digest}'"])
    assert "unsafe" not in response["Content-Security-Policy"]


def test_queries_of_get_and_post_stay_within_their_budget(client, invitation, django_assert_max_num_queries):
    client.get("/s/-/")  # the first request of all may create the organisation
    with django_assert_max_num_queries(5):
        assert client.get(url(invitation), headers=PERSON).status_code == 200
    with django_assert_max_num_queries(10):
        assert client.post(url(invitation), {"score": "5", "comment": "x"}).status_code == 303
    with django_assert_max_num_queries(11):  # changes are counted, so that nobody fills the history of an answer
        assert client.post(url(invitation), {"score": "6", "comment": "y"}).status_code == 303
    with django_assert_max_num_queries(5):
        assert client.get(url(invitation, "thanks/")).status_code == 200


def test_queries_do_not_depend_on_stored_answers(client, django_assert_num_queries):
    survey = SurveyFactory()
    asked = InvitationFactory.create_batch(4, survey=survey)
    client.get("/s/-/")  # the first request of all may create the organisation
    client.get(url(asked[3]))
    with django_assert_num_queries(5):
        client.get(url(asked[0]))
    now = timezone.now()
    history.load(survey, [Past(email=f"p{n}@example.org", cause=str(n), sent_at=now, score=3) for n in range(300)])
    with django_assert_num_queries(5):
        client.get(url(asked[1]))


@pytest.mark.parametrize(
    ("wanted", "heading"), [("de-AT,en;q=0.5", "Dieser Link führt nirgendwohin"), ("xx", "This link")]
)
def test_link_that_leads_nowhere_speaks_the_language_of_the_browser(client, wanted, heading):
    response = client.get(f"/s/{'x' * 22}/", headers={"Accept-Language": wanted})
    assert (response.status_code, f"<h1>{heading}" in response.content.decode()) == (404, True)
