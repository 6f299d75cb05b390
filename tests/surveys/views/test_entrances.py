import re

import pytest
from django.core.cache import cache

from surveys import links, versions
from surveys.models import Answer, Translation
from surveys.views import entrances
from tests.factories import EntranceFactory, SurveyFactory

pytestmark = pytest.mark.django_db
LETTERS = {"kiosk": "k", "widget": "w", "code": "c"}
KINDS = list(LETTERS)


@pytest.fixture(autouse=True)
def _nobody_counted_yet():
    cache.clear()


def entrance(kind: str, **fields):
    if kind == "widget":
        fields = {"origins": ["https://shop.example.com", "http://localhost:3000"]} | fields
    return EntranceFactory(kind=kind, **fields)


def address(way) -> str:
    return f"/{LETTERS[way.kind]}/{way.token}/"


def policy(response) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";"))
    return {name: sources for name, _space, sources in parts}


def form_key(client, path: str) -> str:
    return re.findall(r'name="form_key" value="([\w-]{22})"', client.get(path).content.decode())[0]


# --- All three ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", KINDS)
def test_anybody_may_answer_and_counts_under_the_place(client, kind):
    way = entrance(kind, team="Till", channel="shop")
    response = client.post(address(way), {"score": "4", "comment": "kind"})
    assert (response.status_code, response["Location"]) == (303, f"{address(way)}thanks/")
    assert client.get(response["Location"]).status_code == 200
    answer = Answer.objects.get()
    assert (answer.score, answer.comment, answer.origin, answer.entrance, answer.team, answer.channel) == (
        4, "kind", kind, way, "Till", "shop",
    )  # fmt: skip
    assert (answer.contact, answer.invitation) == (None, None)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_never_records(client, kind, method):
    way = entrance(kind)
    for path in (f"{address(way)}?r=4", f"{address(way)}thanks/?r=4&score=4"):
        assert getattr(client, method)(path).status_code == 200
    assert not Answer.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_no_cookie_is_set_and_two_people_have_two_forms(client, kind):
    way = entrance(kind)
    keys = [form_key(client, address(way)) for _person in range(2)]
    assert keys[0] != keys[1]
    for key in keys:
        response = client.post(address(way), {"score": "4", "form_key": key})
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
    assert Answer.objects.count() == 2
    assert client.post(address(way), {"score": "4", "form_key": keys[0]}).status_code == 303
    assert Answer.objects.count() == 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("score", ["", "0", "6", "x"])
def test_score_out_of_scale_is_422(client, kind, score):
    way = entrance(kind)
    assert client.post(address(way), {"score": score}).status_code == 422
    assert not Answer.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_token_of_one_kind_opens_no_other(client, kind):
    way = entrance(kind)
    others = [f"/{letter}/{way.token}/" for letter in LETTERS.values() if letter != LETTERS[kind]]
    assert [client.get(path).status_code for path in others] == [404, 404]
    assert [client.post(path, {"score": "4"}).status_code for path in others] == [404, 404]
    assert not Answer.objects.exists()


@pytest.mark.parametrize("letter", LETTERS.values())
def test_guesses_are_put_off(client, letter):
    statuses = {client.get(f"/{letter}/{'A' * 20}{number:02}/").status_code for number in range(99)}
    assert statuses == {404, 429}


@pytest.mark.parametrize(("kind", "status"), [("kiosk", 410), ("code", 410), ("widget", 403)])
def test_one_that_is_off_takes_nothing(client, kind, status):
    way = entrance(kind, is_active=False)
    assert client.get(address(way)).status_code == status
    assert client.post(address(way), {"score": "4"}).status_code == status
    assert not Answer.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("state", ["draft", "closed"])
def test_survey_that_is_not_open_takes_nothing(client, kind, state):
    way = entrance(kind, survey__status=state)
    assert client.get(address(way)).status_code == 410
    assert client.post(address(way), {"score": "4"}).status_code == 410
    assert not Answer.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_page_keeps_within_its_queries(client, kind, django_assert_max_num_queries):
    way = entrance(kind)
    client.get(address(way))
    with django_assert_max_num_queries(4):
        client.get(address(way))
    with django_assert_max_num_queries(10):
        client.post(address(way), {"score": "4"})


def test_flood_by_one_kiosk_is_put_off_and_keeps_nobody_else_waiting(client, monkeypatch):
    monkeypatch.setattr(entrances, "MOST_OF_A_KIOSK", 3)
    survey = SurveyFactory()
    busy, other = entrance("kiosk", survey=survey), entrance("kiosk", survey=survey)
    assert [client.post(address(busy), {"score": "1"}).status_code for _time in range(5)] == [303] * 3 + [429] * 2
    assert client.post(address(other), {"score": "1"}).status_code == 303
    assert Answer.objects.count() == 4


def test_kiosk_takes_more_than_a_code_does(client):
    limits = {kind: entrances.sheet(entrance(kind)).most for kind in KINDS}
    assert limits == {"kiosk": 1200, "widget": 120, "code": 120}


@pytest.mark.parametrize("kind", KINDS)
def test_robot_that_fills_in_everything_is_thanked_and_not_counted(client, kind):
    way = entrance(kind)
    assert client.post(address(way), {"score": "4", "website": "https://spam.example"}).status_code == 303
    assert not Answer.objects.exists()


# --- Kiosk --------------------------------------------------------------------------------------------------------
def bilingual(kind: str):
    way = entrance(kind)
    Translation.objects.create(survey=way.survey, language="de", question="Wie zufrieden waren Sie?")
    versions.ensure(way.survey)
    return way


def test_kiosk_begins_anew_without_a_script(client):
    way = entrance("kiosk")
    form, thanks = (client.get(path).content.decode() for path in (address(way), f"{address(way)}thanks/"))
    assert f'<noscript><meta http-equiv="refresh" content="180; url={address(way)}"></noscript>' in form
    assert f'<noscript><meta http-equiv="refresh" content="8; url={address(way)}"></noscript>' in thanks


def test_kiosk_is_kept_by_no_browser(client):
    way = entrance("kiosk")
    wrong = client.post(address(way), {"score": "x", "comment": "long"})
    asked, thanked = client.get(address(way)), client.get(f"{address(way)}thanks/")
    assert [response["Cache-Control"] for response in (asked, wrong, thanked)] == ["no-store"] * 3
    for response in (asked, wrong):
        assert re.search(r'<form [^>]* autocomplete="off"', response.content.decode())


def test_kiosk_shows_nothing_of_the_person_before(client):
    way = bilingual("kiosk")
    key = form_key(client, address(way))
    client.post(address(way), {"score": "2", "comment": "My name is Ada", "form_key": key})
    for path in (address(way), f"{address(way)}?form={key}", f"{address(way)}?lang=de&form={key}"):
        page = client.get(path).content.decode()
        assert "Ada" not in page
        assert " checked" not in page


def test_kiosk_names_no_form_in_its_links_and_leads_nowhere_else(client):
    way = bilingual("kiosk")
    way.survey.thanks_url = "https://elsewhere.example.com"
    way.survey.save()
    for path in (address(way), f"{address(way)}thanks/"):
        page = client.get(path).content.decode()
        links = re.findall(r'<a [^>]*href="([^"]+)"', page)
        assert set(links) <= {"?lang=en", "?lang=de", address(way)}
    assert "Wie zufrieden waren Sie?" in client.get(f"{address(way)}?lang=de").content.decode()


def test_kiosk_that_is_off_looks_again_by_itself(client):
    way = entrance("kiosk", is_active=False)
    assert client.get(address(way))["Refresh"] == f"60; url={address(way)}"
    assert "Refresh" not in client.get(address(entrance("kiosk")))
    assert "Refresh" not in client.get(address(entrance("code", is_active=False)))


# --- Widget -------------------------------------------------------------------------------------------------------
def test_widget_is_shown_by_exactly_the_pages_named(client):
    way = entrance("widget")
    sent = client.post(address(way), {"score": "4"})
    wrong = client.post(address(way), {"score": "x"})
    for response in (client.get(address(way)), client.get(f"{address(way)}thanks/"), sent, wrong):
        assert policy(response)["frame-ancestors"] == "https://shop.example.com http://localhost:3000"
        assert "X-Frame-Options" not in response
        assert policy(response)["default-src"] == "'none'"


@pytest.mark.parametrize("fields", [{"is_active": False}, {"origins": []}])
def test_widget_that_nobody_may_show_is_refused(client, fields):
    way = entrance("widget", **fields)
    for response in (client.get(address(way)), client.post(address(way), {"score": "4"})):
        assert response.status_code == 403
        assert policy(response)["frame-ancestors"] == "'none'"
        assert response["X-Frame-Options"] == "DENY"
    assert not Answer.objects.exists()


def test_widget_of_a_closed_survey_says_so_to_the_pages_named_only(client):
    way = entrance("widget", survey__status="closed")
    assert policy(client.get(address(way)))["frame-ancestors"] == "https://shop.example.com http://localhost:3000"


@pytest.mark.parametrize("kind", ["kiosk", "code"])
def test_other_ways_are_shown_in_no_frame(client, kind):
    response = client.get(address(entrance(kind)))
    assert policy(response)["frame-ancestors"] == "'none'"
    assert response["X-Frame-Options"] == "DENY"


def test_widget_speaks_with_the_pages_named_only(client):
    page = client.get(address(entrance("widget"))).content.decode()
    assert re.findall(r'widget_frame\.js" data-origins="([^"]*)"', page) == [
        "https://shop.example.com http://localhost:3000"
    ]


# --- Printed code -------------------------------------------------------------------------------------------------
def test_addresses_stay_under_sixty_characters_on_a_short_host(settings):
    settings.BASE_URL = "https://ask.example.com"
    token = "A" * 22
    written = [links.answer_url(token), *(links.entrance_url(kind, token) for kind in KINDS)]
    assert [len(url) for url in written] == [49] * 4
    assert written[0] == f"https://ask.example.com/s/{token}/"
    assert len(links.answer_url(token, 10)) < 60
