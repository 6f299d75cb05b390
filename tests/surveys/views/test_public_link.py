import re

import pytest
from django.core.cache import cache

from surveys.models import Answer, AnswerChange
from surveys.views import public_link
from tests.factories import SurveyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_counted_yet():
    cache.clear()


@pytest.fixture
def survey():
    return SurveyFactory(slug="shop", kind="ces", has_public_link=True)


def stored() -> list[tuple[int, str]]:
    return list(Answer.objects.order_by("id").values_list("score", "comment"))


def form_key(client):
    return re.findall(r'name="form_key" value="([\w-]{22})"', client.get("/p/shop/").content.decode())[0]


def test_anybody_may_answer(client, survey):
    page = client.get("/p/shop/?r=6")
    assert re.findall(r'value="(\d)"[^>]* checked', page.content.decode()) == ["6"]
    response = client.post("/p/shop/", {"score": "6", "comment": "easy"})
    assert (response.status_code, response["Location"]) == (303, "/p/shop/thanks/")
    assert client.get("/p/shop/thanks/").status_code == 200
    assert stored() == [(6, "easy")]


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_never_records(client, survey, method):
    getattr(client, method)("/p/shop/?r=6")
    assert stored() == []


def test_same_form_twice_is_one_answer(client, survey):
    data = {"score": "6", "comment": "easy", "form_key": form_key(client)}
    assert [client.post("/p/shop/", data).status_code for _time in range(2)] == [303, 303]
    assert stored() == [(6, "easy")]


def test_two_forms_are_two_answers(client, survey):
    keys = [form_key(client), form_key(client)]
    for key in keys:
        client.post("/p/shop/", {"score": "6", "form_key": key})
    assert len(stored()) == 2
    assert keys[0] != keys[1]


def test_same_form_corrected_is_a_changed_answer(client, survey):
    key = form_key(client)
    for score in ("6", "2"):
        client.post("/p/shop/", {"score": score, "form_key": key})
    assert stored() == [(2, "")]
    assert list(AnswerChange.objects.values_list("score", flat=True)) == [6]


@pytest.mark.parametrize("key", ["", "made-up", "x" * 5000])
def test_form_with_a_made_up_key_counts_once_each(client, survey, key):
    assert client.post("/p/shop/", {"score": "6", "form_key": key}).status_code == 303
    assert stored() == [(6, "")]


def test_robot_that_fills_in_everything_is_thanked_and_not_counted(client, survey):
    response = client.post("/p/shop/", {"score": "6", "comment": "buy", "website": "https://spam.example"})
    assert (response.status_code, stored()) == (303, [])


@pytest.mark.parametrize("score", ["0", "8", "x", ""])
def test_score_out_of_scale_is_422_and_keeps_form_and_comment(client, survey, score):
    key = form_key(client)
    response = client.post("/p/shop/", {"score": score, "comment": "kept", "form_key": key})
    page = response.content.decode()
    assert (response.status_code, stored()) == (422, [])
    assert ">\nkept</textarea>" in page
    assert f'name="form_key" value="{key}"' in page


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"has_public_link": False}, 404),
        ({"has_public_link": True, "status": "draft"}, 404),
        ({"has_public_link": True, "status": "closed"}, 410),
    ],
)
def test_survey_without_a_public_link_or_closed_takes_nothing(client, fields, status):
    SurveyFactory(slug="shop", **fields)
    assert client.get("/p/shop/").status_code == status
    assert client.post("/p/shop/", {"score": "3"}).status_code == status
    assert stored() == []


def test_unknown_slug_is_404(client):
    assert client.get("/p/nothing/").status_code == 404
    assert client.get("/p/nothing/thanks/").status_code == 404


def test_public_page_sets_no_cookie_and_keeps_within_its_budget(client, survey, django_assert_max_num_queries):
    client.get("/p/shop/")  # the first request of all may create the organisation
    with django_assert_max_num_queries(5):
        response = client.get("/p/shop/")
    with django_assert_max_num_queries(10):
        posted = client.post("/p/shop/", {"score": "3", "comment": "x"})
    for answer in (response, posted):
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")


def test_flood_from_one_address_is_stopped_and_the_words_are_kept(client, survey):
    key = form_key(client)
    statuses = [client.post("/p/shop/", {"score": "1"}).status_code for _time in range(200)]
    assert statuses == [303] * public_link.MOST_POSTS + [429] * (200 - public_link.MOST_POSTS)
    assert len(stored()) == public_link.MOST_POSTS
    response = client.post("/p/shop/", {"score": "6", "comment": "kept", "form_key": key})
    page = response.content.decode()
    sentence = "Very many answers have come from your network. Please wait ten minutes and send yours again."
    assert (response.status_code, response["Retry-After"], page.count(sentence)) == (429, "600", 1)
    assert re.findall(r'value="(\d)"[^>]* checked', page) == ["6"]
    assert ">\nkept</textarea>" in page
    assert f'name="form_key" value="{key}"' in page


def test_others_and_other_surveys_are_not_stopped_by_a_flood(client, survey, monkeypatch):
    monkeypatch.setattr(public_link, "MOST_POSTS", 1)
    SurveyFactory(slug="other", has_public_link=True)

    def post(path: str, address: str) -> int:
        return client.post(path, {"score": "3"}, REMOTE_ADDR=address).status_code

    assert [post("/p/shop/", "192.0.2.1"), post("/p/shop/", "192.0.2.1")] == [303, 429]
    assert [post("/p/shop/", "192.0.2.2"), post("/p/other/", "192.0.2.1")] == [303, 303]


def test_mistakes_are_not_counted_as_answers(client, survey, monkeypatch):
    monkeypatch.setattr(public_link, "MOST_POSTS", 1)
    statuses = [client.post("/p/shop/", {"score": score}).status_code for score in ("", "99", "3")]
    assert statuses == [422, 422, 303]


@pytest.mark.parametrize(("trusted", "statuses"), [(1, [303, 303, 429]), (0, [303, 429, 429])])
def test_people_behind_the_proxy_of_the_installation_are_told_apart(
    client, survey, settings, monkeypatch, trusted, statuses
):
    monkeypatch.setattr(public_link, "MOST_POSTS", 1)
    settings.TRUSTED_PROXIES = trusted
    chains = ["192.0.2.1", "192.0.2.1, 192.0.2.2", "made-up, 192.0.2.2"]
    found = [client.post("/p/shop/", {"score": "3"}, headers={"x-forwarded-for": chain}) for chain in chains]
    assert [response.status_code for response in found] == statuses
