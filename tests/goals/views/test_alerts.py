"""The page of alerts."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from goals import alerts
from goals.models import Alert
from kpiproject.models import Mail, User
from surveys import follow_up_steps
from surveys.models import FollowUp
from tests.factories import ContactFactory, ManagerFactory, StaffFactory, SurveyFactory
from tests.follow_up_factories import FollowUpFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def manager(client: Client) -> User:
    person: User = ManagerFactory(name="Mara")
    client.force_login(person)
    return person


def raised(count: int = 1, **fields: object) -> None:
    survey = SurveyFactory(kind=fields.pop("kind", "csat"))
    for number in range(count):
        FollowUpFactory(
            survey=survey,
            opened_at=NOW - timedelta(hours=13),
            **{"said__comment": f"words {number}", "said__score": 1} | fields,
        )
        alerts.escalate(NOW + timedelta(minutes=number))


def shown(page) -> list[str]:
    return [said[0].comment for _follow_up, said in page.context["found"]]


def test_staff_may_not_look(client: Client) -> None:
    client.force_login(StaffFactory())
    assert client.get("/alerts/").status_code == 403


def test_nothing_yet(client: Client, manager: User) -> None:
    assert "Nothing was left lying" in client.get("/alerts/").content.decode()


def test_newest_first_in_pages(client: Client, manager: User) -> None:
    raised(27)
    first, second = client.get("/alerts/"), client.get("/alerts/?page=2")
    assert shown(first) == [f"words {n}" for n in range(26, 1, -1)]
    assert shown(second) == ["words 1", "words 0"]
    [(_follow_up, [said]), _other] = second.context["found"]
    assert f'<article class="remark" id="answer-{said.answer.pk}">' in second.content.decode()


def test_what_is_shown_of_one(client: Client, manager: User) -> None:
    contact = ContactFactory(name="Carla", email="carla@example.com")
    raised(ticket="T-1", channel="chat", agent="Ada Agent", contact=contact, said__comment="<b>Bad</b>")
    page = client.get("/alerts/").content.decode()
    follow_up = Alert.objects.get().follow_up
    words = ["1 of 5 · unhappy", "ticket T-1", "chat", "Carla (carla@example.com)", "&lt;b&gt;Bad&lt;/b&gt;", "Mara"]
    words.append(f'href="/follow-ups/{follow_up.pk}/"')
    assert [word for word in words if word not in page] == []
    assert "Ada Agent" not in page


def test_what_became_of_it(client: Client, manager: User) -> None:
    raised()
    follow_up_steps.take(Alert.objects.get().follow_up_id, ManagerFactory(name="Ben"), now=NOW)
    page = client.get("/alerts/").content.decode()
    assert ">taken</span>" in page
    assert "taken by Ben" in page


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
    raised()
    Mail.objects.update(state=state, sent_at=timezone.now())
    page = client.get("/alerts/").content.decode()
    assert words in page
    link = f"/admin/kpiproject/mail/{Mail.objects.get().pk}/change/"
    assert (link in page) == (state in ("failed", "handed_over"))


def test_mail_that_was_deleted(client: Client, manager: User) -> None:
    raised()
    Mail.objects.all().delete()
    assert "could not be told, or mail deleted" in client.get("/alerts/").content.decode()


def test_answer_that_was_deleted(client: Client, manager: User) -> None:
    raised()
    Alert.objects.get().follow_up.links.get().answer.delete()
    assert "No comment" in client.get("/alerts/").content.decode()


def test_one_told_to_three_managers_is_listed_once(client: Client, manager: User) -> None:
    ManagerFactory()
    ManagerFactory()
    raised()
    assert Alert.objects.count() == 3
    assert len(client.get("/alerts/").context["found"]) == 1


def test_what_is_settled_is_nothing_of_now(client: Client, manager: User) -> None:
    raised(4)
    states = ["taken", "contacted", "resolved", "no_answer"]
    for alert, state in zip(Alert.objects.order_by("pk"), states, strict=True):
        FollowUp.objects.filter(pk=alert.follow_up_id).update(state=state, taken_at=NOW)
    assert [one.state for one, _said in client.get("/alerts/").context["found"]] == ["contacted", "taken"]


@pytest.mark.parametrize(("asked", "kinds"), [("", ["nps", "csat"]), ("nps", ["nps"]), ("ces", [])])
def test_by_kind_of_survey(client: Client, manager: User, asked: str, kinds: list[str]) -> None:
    raised()
    raised(kind="nps")
    found = client.get(f"/alerts/?kind={asked}").context["found"]
    assert [said[0].answer.kind for _follow_up, said in found] == kinds


def test_kind_that_does_not_exist(client: Client, manager: User) -> None:
    page = client.get("/alerts/?kind=esat").content.decode()
    assert "“esat” is not a kind of survey that customers answer." in page


def test_queries_do_not_grow(client: Client, manager: User, django_assert_max_num_queries) -> None:
    raised()
    with django_assert_max_num_queries(40) as one:
        client.get("/alerts/")
    raised(2)
    with django_assert_max_num_queries(len(one)):
        client.get("/alerts/")
