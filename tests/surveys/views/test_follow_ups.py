"""The inbox of unhappy customers, the page of one, and who may do what there."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone

from kpiproject.models import User
from surveys import follow_up_steps
from surveys.models import FollowUp, Recovery
from tests.factories import (
    AnswerFactory,
    ContactFactory,
    InvitationFactory,
    ManagerFactory,
    StaffFactory,
    SurveyFactory,
    UserFactory,
)
from tests.follow_up_factories import FollowUpFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def mara(client: Client) -> User:
    person: User = ManagerFactory(name="Mara")
    client.force_login(person)
    return person


@pytest.fixture
def ben() -> User:
    return StaffFactory(name="Ben")


def shown(response: Any) -> list[str]:
    return [line.complaint.comment for line in response.context["lines"]]


def step(client: Client, follow_up: FollowUp, action: str, **given: Any) -> Any:
    return client.post(f"/follow-ups/{follow_up.pk}/step/", {"action": action, **given})


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


# --- Who ----------------------------------------------------------------------------------------------------------
def test_who_lacks_the_permission_sees_nothing(client: Client) -> None:
    client.force_login(UserFactory())
    found = FollowUpFactory()
    assert [client.get(path).status_code for path in ("/follow-ups/", f"/follow-ups/{found.pk}/")] == [403, 403]
    assert step(client, found, "take").status_code == 403
    found.refresh_from_db()
    assert found.state == "new"


def test_staff_see_and_move_only_their_own(client: Client, ben: User) -> None:
    client.force_login(ben)
    theirs = FollowUpFactory(assignee=ben, said__comment="mine")
    other = FollowUpFactory(said__comment="not mine", ticket="T-1")
    page = client.get("/follow-ups/?shelf=all")
    assert shown(page) == ["mine"]
    assert [count for _name, _text, count in page.context["shelves"]] == [1, 1, 1, 0, 0, 1]
    assert client.get(f"/follow-ups/{other.pk}/").status_code == 404
    assert step(client, other, "take").status_code == 404
    assert step(client, theirs, "take").status_code == 303
    assert list(FollowUp.objects.order_by("pk").values_list("state", flat=True)) == ["taken", "new"]


def test_staff_see_no_name_of_a_customer(client: Client, ben: User) -> None:
    client.force_login(ben)
    contact = ContactFactory(name="Carla", email="carla@example.com")
    found = FollowUpFactory(assignee=ben, contact=contact, ticket="T-1")
    pages = [client.get(path).content.decode() for path in ("/follow-ups/", f"/follow-ups/{found.pk}/")]
    assert [word for word in ("Carla", "carla@", "mailto:") if word in "".join(pages)] == []
    assert "the ticket says who it is" in pages[1]


def test_handing_it_over_leads_staff_back_to_what_is_still_theirs(client: Client, ben: User) -> None:
    client.force_login(ben)
    found, other = FollowUpFactory(state="taken", assignee=ben), StaffFactory()
    response = step(client, found, "hand_over", to=other.pk)
    assert (response.status_code, response.url) == (303, "/follow-ups/")


# --- The inbox ----------------------------------------------------------------------------------------------------
def test_nothing_yet(client: Client, mara: User) -> None:
    assert "Nobody has complained yet" in client.get("/follow-ups/").content.decode()


def filled(mara: User, ben: User) -> None:
    now, shop = timezone.now(), SurveyFactory(slug="shop")
    rows: list[dict[str, Any]] = [
        {"said__comment": "new", "due_at": now + 2 * HOUR, "team": "Tier 1"},
        {"said__comment": "late", "due_at": now - 2 * HOUR, "channel": "chat", "survey": shop},
        {"said__comment": "mine", "due_at": now + HOUR, "state": "taken", "assignee": mara},
        {"said__comment": "his", "due_at": now - HOUR, "state": "taken", "assignee": ben, "team": "Tier 1"},
        {"said__comment": "called", "due_at": now - 3 * HOUR, "state": "contacted", "assignee": ben},
        {"said__comment": "done", "due_at": now - 9 * HOUR, "state": "resolved", "assignee": mara, "closed_at": now},
        {"said__comment": "silent", "due_at": now - 8 * HOUR, "state": "no_answer", "assignee": ben, "closed_at": now},
    ]
    for row in rows:
        FollowUpFactory(**row)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["called", "late", "his", "mine", "new"]),
        ("?shelf=open", ["called", "late", "his", "mine", "new"]),
        ("?shelf=mine", ["mine"]),
        ("?shelf=unclaimed", ["late", "new"]),
        ("?shelf=overdue", ["late", "his"]),
        ("?shelf=closed", ["done", "silent"]),
        ("?shelf=all", ["done", "silent", "called", "late", "his", "mine", "new"]),
        ("?shelf=all&state=resolved", ["done"]),
        ("?state=taken", ["his", "mine"]),
        ("?survey=shop", ["late"]),
        ("?team=Tier+1", ["his", "new"]),
        ("?channel=chat", ["late"]),
        ("?team=Tier+1&state=new", ["new"]),
        ("?shelf=mine&channel=chat", []),
    ],
)
def test_shelves_and_filters(client: Client, mara: User, ben: User, query: str, expected: list[str]) -> None:
    filled(mara, ben)
    assert shown(client.get(f"/follow-ups/{query}")) == expected


def test_shelves_count(client: Client, mara: User, ben: User) -> None:
    filled(mara, ben)
    shelves = client.get("/follow-ups/").context["shelves"]
    assert {name: count for name, _text, count in shelves} == {
        "open": 5, "mine": 1, "unclaimed": 2, "overdue": 2, "closed": 2, "all": 7,
    }  # fmt: skip


@pytest.mark.parametrize("query", ["?shelf=nowhere", "?state=lost", "?survey=none", "?team=nobody", "?channel=x"])
def test_what_does_not_exist_cannot_be_chosen(client: Client, mara: User, ben: User, query: str) -> None:
    filled(mara, ben)
    response = client.get(f"/follow-ups/{query}")
    assert response.status_code == 422
    assert "This cannot be shown:" in response.content.decode()


def test_pages(client: Client, mara: User) -> None:
    for number in range(27):
        FollowUpFactory(due_at=timezone.now() + number * HOUR, said__comment=f"words {number}")
    assert shown(client.get("/follow-ups/")) == [f"words {number}" for number in range(25)]
    assert shown(client.get("/follow-ups/?page=2")) == ["words 25", "words 26"]


def test_queries_do_not_grow(client: Client, mara: User, django_assert_max_num_queries) -> None:
    FollowUpFactory(assignee=mara)
    with django_assert_max_num_queries(40) as one:
        client.get("/follow-ups/")
    for _ in range(2):
        FollowUpFactory(assignee=mara)
    with django_assert_max_num_queries(len(one)):
        client.get("/follow-ups/")


def test_what_customers_wrote_is_text(client: Client, mara: User) -> None:
    contact = ContactFactory(name="<i>Carla</i>")
    found = FollowUpFactory(said__comment="<script>alert(1)</script>", contact=contact, team="<u>", channel="<s>")
    for path in ("/follow-ups/", f"/follow-ups/{found.pk}/"):
        page = client.get(path).content.decode()
        assert "&lt;script&gt;" in page
        assert [mark for mark in ("<script>alert", "<i>", "<u>", "<s>") if mark in page] == []


def test_the_navigation_counts_what_somebody_could_do(client: Client, mara: User, ben: User) -> None:
    filled(mara, ben)
    page = client.get("/surveys/").content.decode()
    assert '<span class="nav-count">3<span class="visually-hidden"> to take care of</span></span>' in page
    client.force_login(ben)
    assert '<span class="nav-count">2<' in client.get("/surveys/").content.decode()
    client.force_login(StaffFactory())
    assert "nav-count" not in client.get("/surveys/").content.decode()


# --- One ----------------------------------------------------------------------------------------------------------
def test_everything_about_one(client: Client, mara: User) -> None:
    contact = ContactFactory(name="Carla", email="carla@example.com")
    found = FollowUpFactory(contact=contact, ticket="T-1", team="Tier 1", channel="chat", agent="Ada Agent")
    later = AnswerFactory(survey=found.survey, score=2, comment="Still waiting.", contact=contact)
    found.links.create(answer=later, standing=-1, seen_at=later.answered_at)
    follow_up_steps.write(found.pk, by=mara, text="Asked the warehouse.")
    page = client.get(f"/follow-ups/{found.pk}/").content.decode()
    words = ["Carla (carla@example.com)", "1 of 5 · unhappy", "Nobody called me back.", "And later", "Still waiting."]
    words += ["T-1", "Tier 1", "Asked the warehouse.", 'href="mailto:carla@example.com?', "Opened"]
    assert [word for word in words if word not in page] == []
    assert "Ada Agent" not in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"invitation": None, "reason": ""}, "The customer will be asked on 2 Mar 2026"),
        ({"invitation": None, "reason": "suppressed"}, "Not asked: the address must not be written to."),
        ({"invitation": "sent", "reason": ""}, "Asked with “Settled?” on"),
        ({"invitation": "answered", "reason": ""}, "All is well."),
    ],
)
def test_whether_it_was_settled(client: Client, mara: User, fields: dict[str, Any], words: str) -> None:
    found = FollowUpFactory(state="resolved", assignee=mara)
    given: dict[str, Any] = {"reason": fields["reason"]}
    if fields["invitation"]:
        given["invitation"] = InvitationFactory(survey=SurveyFactory(name="Settled?"), contact=found.contact)
    if fields["invitation"] == "answered":
        given["answer"] = AnswerFactory(survey=given["invitation"].survey, score=4, comment="All is well.")
    Recovery.objects.create(follow_up=found, ask_at="2026-03-02T12:00Z", **given)
    page = client.get(f"/follow-ups/{found.pk}/").content.decode()
    assert words in page


def test_queries_of_one_do_not_grow(client: Client, mara: User, django_assert_max_num_queries) -> None:
    found = FollowUpFactory(assignee=mara)
    with django_assert_max_num_queries(40) as one:
        client.get(f"/follow-ups/{found.pk}/")
    for number in range(3):
        later = AnswerFactory(survey=found.survey, score=2, contact=ContactFactory())
        found.links.create(answer=later, standing=-1, seen_at=later.answered_at)
        follow_up_steps.write(found.pk, by=ManagerFactory(), text=f"{number}")
    with django_assert_max_num_queries(len(one)):
        client.get(f"/follow-ups/{found.pk}/")


def test_one_that_does_not_exist(client: Client, mara: User) -> None:
    assert client.get("/follow-ups/4711/").status_code == 404


# --- Steps --------------------------------------------------------------------------------------------------------
def test_the_whole_way_by_buttons(client: Client, mara: User) -> None:
    found = FollowUpFactory()
    states, words = [], []
    for action, given in (
        ("take", {}),
        ("contacted", {"how": "phone", "text": "Left a message."}),
        ("note", {"text": "Try again at noon."}),
        ("resolve", {"text": "Got a new one."}),
        ("reopen", {}),
        ("contacted", {"how": "mail"}),
        ("give_up", {}),
    ):
        response = step(client, found, action, **given)
        assert (response.status_code, response.url) == (303, f"/follow-ups/{found.pk}/")
        words += said(response)[-1:]
        found.refresh_from_db()
        states.append(found.state)
    assert states == ["taken", "contacted", "contacted", "resolved", "taken", "contacted", "no_answer"]
    assert words[0] == "You take care of it."
    assert found.assignee == mara


def test_taking_over_from_somebody(client: Client, mara: User, ben: User) -> None:
    found = FollowUpFactory(state="taken", assignee=ben)
    assert step(client, found, "take_over").status_code == 303
    found.refresh_from_db()
    assert found.assignee == mara
    assert not found.notes.get(kind="handed").is_to_tell


def test_a_refusal_is_told(client: Client, mara: User, ben: User) -> None:
    found = FollowUpFactory(state="taken", assignee=ben)
    response = step(client, found, "take")
    assert said(response) == ["Ben takes care of it already."]
    found.refresh_from_db()
    assert found.assignee == ben


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"action": ""}, "This field is required."),
        ({"action": "delete"}, "Select a valid choice."),
        ({"action": "contacted"}, "Please say how you contacted the customer."),
        ({"action": "contacted", "how": "pigeon"}, "Select a valid choice."),
        ({"action": "hand_over"}, "Please choose who is to take care of it."),
        ({"action": "hand_over", "to": "4711"}, "Nobody of this name can take care of follow-ups."),
        ({"action": "note", "text": "  "}, "Please write something."),
        ({"action": "note", "text": "x" * 5001}, "has 5001 characters, and at most 5000 can be sent."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_done(
    client: Client, mara: User, given: dict[str, str], words: str
) -> None:
    found = FollowUpFactory()
    response = client.post(f"/follow-ups/{found.pk}/step/", given)
    assert response.status_code == 422
    assert words in response.content.decode()
    found.refresh_from_db()
    assert (found.state, found.notes.count()) == ("new", 1)


def test_what_was_written_is_not_lost(client: Client, mara: User) -> None:
    found = FollowUpFactory()
    response = step(client, found, "contacted", text="A long story.")
    assert ">A long story.</textarea>" in response.content.decode()


def test_nobody_without_the_role_can_be_chosen(client: Client, mara: User) -> None:
    found, nobody = FollowUpFactory(), UserFactory(name="Nora")
    assert "Nora" not in client.get(f"/follow-ups/{found.pk}/").content.decode()
    assert step(client, found, "hand_over", to=nobody.pk).status_code == 422


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_steps_are_posted(client: Client, mara: User, method: str) -> None:
    found = FollowUpFactory()
    assert getattr(client, method)(f"/follow-ups/{found.pk}/step/").status_code == 405
