"""The page of alerts."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from goals import alerts
from goals.models import Alert
from kpiproject.models import Mail, User
from tests.factories import AnswerFactory, ContactFactory, ManagerFactory, StaffFactory, SurveyFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def manager(client: Client) -> User:
    person: User = ManagerFactory(name="Mara")
    client.force_login(person)
    return person


def raised(manager: User | None, count: int = 1, **fields: object) -> None:
    survey = SurveyFactory(owner=manager, kind=fields.pop("kind", "csat"))
    for number in range(count):
        given = {"score": 1, "comment": f"words {number}", "contact": ContactFactory()} | fields
        AnswerFactory(survey=survey, answered_at=NOW - timedelta(minutes=count - number), **given)
        alerts.raise_unhappy(NOW + timedelta(minutes=number))


def test_staff_may_not_look(client: Client) -> None:
    client.force_login(StaffFactory())
    assert client.get("/alerts/").status_code == 403


def test_nothing_yet(client: Client, manager: User) -> None:
    assert "Nobody has complained yet" in client.get("/alerts/").content.decode()


def test_newest_first_in_pages(client: Client, manager: User) -> None:
    raised(manager, 27)
    first, second = client.get("/alerts/"), client.get("/alerts/?page=2")
    assert [found.comment for found in first.context["complaints"]] == [f"words {n}" for n in range(26, 1, -1)]
    assert [found.comment for found in second.context["complaints"]] == ["words 1", "words 0"]
    assert (
        f'<article class="remark" id="answer-{second.context["complaints"][0].answer.pk}">' in second.content.decode()
    )


def test_what_is_shown_of_one(client: Client, manager: User) -> None:
    contact = ContactFactory(name="Carla", email="carla@example.com")
    raised(manager, ticket="T-1", channel="chat", agent="Ada Agent", contact=contact, comment="<b>Bad</b>")
    page = client.get("/alerts/").content.decode()
    words = ["1 of 5 · unhappy", "ticket T-1", "chat", "Carla (carla@example.com)", "&lt;b&gt;Bad&lt;/b&gt;", "Mara"]
    assert [word for word in words if word not in page] == []
    assert "Ada Agent" not in page


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("queued", "waiting"),
        ("claimed", "waiting"),
        ("sent", ">sent<"),
        ("failed", "See what went wrong"),
        ("handed_over", "handed over, not confirmed"),
    ],
)
def test_state_of_the_mail(client: Client, manager: User, state: str, words: str) -> None:
    raised(manager)
    Mail.objects.update(state=state, sent_at=timezone.now())
    page = client.get("/alerts/").content.decode()
    assert words in page
    link = f"/admin/kpiproject/mail/{Mail.objects.get().pk}/change/"
    assert (link in page) == (state in ("failed", "handed_over"))


def test_mail_that_was_deleted(client: Client, manager: User) -> None:
    raised(manager)
    Mail.objects.all().delete()
    assert "could not be told, or mail deleted" in client.get("/alerts/").content.decode()


def test_one_answer_told_to_three_managers_is_listed_once(client: Client, manager: User) -> None:
    ManagerFactory()
    ManagerFactory()
    raised(None)  # a survey without an owner
    assert Alert.objects.count() == 3
    assert len(client.get("/alerts/").context["complaints"]) == 1


@pytest.mark.parametrize(("asked", "kinds"), [("", ["nps", "csat"]), ("nps", ["nps"]), ("ces", [])])
def test_by_kind_of_survey(client: Client, manager: User, asked: str, kinds: list[str]) -> None:
    raised(manager)
    raised(manager, kind="nps")
    shown = client.get(f"/alerts/?kind={asked}").context["complaints"]
    assert [found.answer.kind for found in shown] == kinds


def test_kind_that_does_not_exist(client: Client, manager: User) -> None:
    page = client.get("/alerts/?kind=esat").content.decode()
    assert "“esat” is not a kind of survey that customers answer." in page


def test_queries_do_not_grow(client: Client, manager: User, django_assert_max_num_queries) -> None:
    raised(manager)
    with django_assert_max_num_queries(40) as one:
        client.get("/alerts/")
    raised(manager, 2)
    with django_assert_max_num_queries(len(one)):
        client.get("/alerts/")
