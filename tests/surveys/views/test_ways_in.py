import re

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from surveys.models import Entrance
from tests.factories import AnswerFactory, EntranceFactory, ManagerFactory, StaffFactory, SurveyFactory, UserFactory

pytestmark = pytest.mark.django_db


def somebody_who_may(codename: str):
    person = UserFactory()
    person.user_permissions.add(Permission.objects.get(content_type__app_label="surveys", codename=codename))
    return person


@pytest.fixture
def survey():
    return SurveyFactory(slug="mine")


@pytest.fixture
def manager(client):
    client.force_login(ManagerFactory())
    return client


# --- Who may do what ----------------------------------------------------------------------------------------------
def pages(entrance: Entrance) -> list[str]:
    ways = f"/surveys/{entrance.survey.slug}/ways-in/"
    return [ways, f"{ways}new/kiosk/", f"{ways}{entrance.pk}/"]


def actions(entrance: Entrance) -> list[str]:
    ways = f"/surveys/{entrance.survey.slug}/ways-in/"
    return [
        f"{ways}new/kiosk/", f"{ways}{entrance.pk}/", f"{ways}{entrance.pk}/switch/",
        f"{ways}{entrance.pk}/new-address/", f"{ways}public/switch/",
    ]  # fmt: skip


def test_staff_see_nothing_and_change_nothing(client, survey):
    entrance = EntranceFactory(survey=survey)
    client.force_login(StaffFactory())
    assert [client.get(path).status_code for path in pages(entrance)] == [403] * 3
    data = {"name": "x", "action": "off"}
    assert [client.post(path, data).status_code for path in actions(entrance)] == [403] * 5
    assert list(Entrance.objects.values_list("name", "is_active", "token")) == [(entrance.name, True, entrance.token)]


def test_strangers_are_asked_to_log_in(client, survey):
    entrance = EntranceFactory(survey=survey)
    assert [client.get(path).status_code for path in pages(entrance)] == [302] * 3
    assert [client.post(path).status_code for path in actions(entrance)] == [302] * 5


def test_somebody_who_may_only_look_sees_no_form_and_changes_nothing(client, survey):
    entrance = EntranceFactory(survey=survey, team="Till")
    client.force_login(somebody_who_may("view_entrance"))
    assert [client.get(path).status_code for path in pages(entrance)] == [200, 403, 200]
    page = client.get(pages(entrance)[2]).content.decode()
    assert "<form" not in page.split("<main")[1]
    assert "<dd>Till</dd>" in page
    assert [client.post(path, {"name": "x", "action": "off"}).status_code for path in actions(entrance)] == [403] * 5
    assert "<form" not in client.get(pages(entrance)[0]).content.decode().split("<main")[1]


def test_actions_are_posts_only(manager, survey):
    entrance = EntranceFactory(survey=survey)
    assert [manager.get(path).status_code for path in actions(entrance)[2:]] == [405] * 3


def test_entrance_of_another_survey_is_404(manager, survey):
    other = EntranceFactory()
    ways = f"/surveys/mine/ways-in/{other.pk}/"
    assert manager.get(ways).status_code == 404
    assert [
        manager.post(f"{ways}{what}", {"action": "off"}).status_code for what in ("", "switch/", "new-address/")
    ] == [404] * 3


# --- The list -----------------------------------------------------------------------------------------------------
def test_list_tells_kind_state_and_answers(manager, survey):
    kiosk = EntranceFactory(survey=survey, kind="kiosk", name="Till 2", team="Shop", channel="shop")
    EntranceFactory(survey=survey, kind="code", name="Door", is_active=False)
    EntranceFactory(name="Of another survey")
    AnswerFactory.create_batch(3, survey=survey, entrance=kiosk, answered_at=timezone.now())
    page = manager.get("/surveys/mine/ways-in/").content.decode()
    rows = re.findall(r"<tr>\s*<th scope=\"row\">.*?</tr>", page, re.DOTALL)
    told = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in rows]
    assert told == ["Till 2 kiosk on Shop shop 3", "Door printed code off – – 0"]


def test_list_tells_no_counts_of_employees(manager):
    entrance = EntranceFactory(survey__kind="esat", survey__slug="staff")
    AnswerFactory(survey=entrance.survey, entrance=entrance)
    page = manager.get("/surveys/staff/ways-in/").content.decode()
    assert re.findall(r'data-label="Answers">(.*?)</td>', page) == ['<span class="muted">not shown</span>']


def test_list_needs_as_many_queries_for_three_as_for_one_and_is_paginated(manager, survey):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert manager.get("/surveys/mine/ways-in/").status_code == 200
        return len(captured)

    EntranceFactory(survey=survey)
    queries()
    few = queries()
    EntranceFactory.create_batch(2, survey=survey)
    assert queries() == few
    EntranceFactory.create_batch(25, survey=survey)
    pages_shown = [manager.get(f"/surveys/mine/ways-in/?page={number}").content.decode() for number in (1, 2)]
    assert [page.count('<th scope="row">') for page in pages_shown] == [25, 3]


@pytest.mark.parametrize(("status", "notice"), [("open", 0), ("draft", 1), ("closed", 1)])
def test_list_warns_when_nobody_can_answer(manager, status, notice):
    SurveyFactory(slug="mine", status=status)
    assert manager.get("/surveys/mine/ways-in/").content.decode().count("notice-warning") == notice


# --- The public link ----------------------------------------------------------------------------------------------
def test_public_link_is_switched_on_and_off(manager, survey):
    assert "/p/mine/" not in manager.get("/surveys/mine/ways-in/").content.decode()
    response = manager.post("/surveys/mine/ways-in/public/switch/", {"action": "on"})
    assert (response.status_code, response["Location"]) == (302, "/surveys/mine/ways-in/")
    assert 'value="http://localhost:8000/p/mine/"' in manager.get("/surveys/mine/ways-in/").content.decode()
    manager.post("/surveys/mine/ways-in/public/switch/", {"action": "off"})
    survey.refresh_from_db()
    assert not survey.has_public_link
    assert manager.post("/surveys/mine/ways-in/public/switch/", {"action": "dance"}).status_code == 400


# --- One way in ---------------------------------------------------------------------------------------------------
def test_kiosk_is_made(manager, survey):
    response = manager.post("/surveys/mine/ways-in/new/kiosk/", {"name": "Till 2", "team": "Shop", "channel": "shop"})
    made = Entrance.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/surveys/mine/ways-in/{made.pk}/")
    assert (made.survey, made.kind, made.name, made.team, made.channel, made.origins, made.is_active) == (
        survey, "kiosk", "Till 2", "Shop", "shop", [], True,
    )  # fmt: skip
    page = manager.get(f"/surveys/mine/ways-in/{made.pk}/").content.decode()
    assert f'value="http://localhost:8000/k/{made.token}/"' in page


def test_widget_is_made_with_its_origins_and_shows_its_line(manager, survey):
    data = {"name": "Order page", "origins": "https://Shop.example.com/\nhttp://localhost:3000"}
    manager.post("/surveys/mine/ways-in/new/widget/", data)
    made = Entrance.objects.get()
    assert made.origins == ["https://shop.example.com", "http://localhost:3000"]
    page = manager.get(f"/surveys/mine/ways-in/{made.pk}/").content.decode()
    line = f"&lt;script src=&quot;http://localhost:8000/widget.js&quot; data-survey=&quot;{made.token}&quot; async&gt;"
    assert line in page
    assert ">https://shop.example.com\nhttp://localhost:3000</textarea>" in page.replace("\n>", ">").replace(">\n", ">")


@pytest.mark.parametrize(
    ("kind", "data", "sentence"),
    [
        ("kiosk", {"name": ""}, "This field is required."),
        ("kiosk", {"name": "x" * 101}, "Ensure this value has at most 100 characters (it has 101)."),
        ("code", {"name": "x", "team": "x" * 201}, "Ensure this value has at most 200 characters (it has 201)."),
        ("widget", {"name": "x"}, "Name at least one page, or nobody would see the widget."),
        (
            "widget",
            {"name": "x", "origins": "https://*.example.com"},
            "“https://*.example.com” has no host that a browser could know.",
        ),
    ],
)
def test_what_cannot_be_saved_is_told(manager, survey, kind, data, sentence):
    response = manager.post(f"/surveys/mine/ways-in/new/{kind}/", data)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Entrance.objects.exists()


def test_kind_that_nobody_knows_is_404(manager, survey):
    assert manager.get("/surveys/mine/ways-in/new/pigeon/").status_code == 404


def test_employees_have_no_channel(manager):
    SurveyFactory(slug="staff", kind="esat")
    manager.post("/surveys/staff/ways-in/new/kiosk/", {"name": "Canteen", "team": "Shop", "channel": "shop"})
    assert list(Entrance.objects.values_list("team", "channel")) == [("Shop", "")]


def test_change_keeps_kind_and_address(manager, survey):
    widget = EntranceFactory(survey=survey, kind="widget", origins=["https://a.example"])
    ways = f"/surveys/mine/ways-in/{widget.pk}/"
    data = {"name": "New", "team": "T", "channel": "web", "origins": "https://b.example", "kind": "code", "token": "x"}
    assert manager.post(ways, data).status_code == 302
    token = widget.token
    widget.refresh_from_db()
    assert (widget.name, widget.team, widget.channel, widget.origins) == ("New", "T", "web", ["https://b.example"])
    assert (widget.kind, widget.token) == ("widget", token)
    response = manager.post(ways, data | {"origins": "nonsense"})
    assert (response.status_code, Entrance.objects.get().origins) == (422, ["https://b.example"])


def test_switched_off_and_on_again(manager, survey):
    kiosk = EntranceFactory(survey=survey, kind="kiosk")
    ways = f"/surveys/mine/ways-in/{kiosk.pk}/switch/"
    for action, is_active in (("off", False), ("on", True)):
        assert manager.post(ways, {"action": action}).status_code == 302
        kiosk.refresh_from_db()
        assert kiosk.is_active == is_active
    assert manager.post(ways, {"action": ""}).status_code == 400


def test_new_address_is_another_one(manager, survey):
    code = EntranceFactory(survey=survey)
    old = code.token
    assert manager.post(f"/surveys/mine/ways-in/{code.pk}/new-address/").status_code == 302
    code.refresh_from_db()
    assert code.token != old
    assert client_sees(manager, code, old) == 0


def client_sees(manager, code: Entrance, token: str) -> int:
    return manager.get(f"/surveys/mine/ways-in/{code.pk}/").content.decode().count(token)


def test_name_with_script_in_it_is_text_everywhere(manager, survey):
    code = EntranceFactory(survey=survey, name="<script>alert(1)</script>", team='"><b>')
    for path in ("", f"{code.pk}/", f"{code.pk}/sheet/"):
        page = manager.get(f"/surveys/mine/ways-in/{path}").content.decode()
        assert "<script>alert" not in page
        assert '"><b>' not in page
