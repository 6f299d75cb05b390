import re

import pytest
import time_machine

from goals.models import Praise, SupportHint
from tests.factories import ManagerFactory, StaffFactory
from tests.goals import recognised
from tests.goals.recognised import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(client):
    client.force_login(ManagerFactory(name="Mara"))
    return client


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", answer.content.decode()))


def test_the_inbox_shows_what_waits_without_who_wrote_it(manager):
    recognised.agent()
    recognised.by_customer(comment="Ada was a great help, says Grace")
    page = text_of(manager.get("/thanks/inbox/"))
    assert "Ada was a great help, says […]" in page
    assert "about Ada Byron" in page
    assert "Grace" not in page


def test_an_empty_inbox(manager):
    assert "Nothing is waiting." in text_of(manager.get("/thanks/inbox/"))


def test_a_manager_edits_the_words_and_passes_them_on(manager):
    person = StaffFactory(name="Ada", email="ada@example.org")
    recognised.agent(person=person)
    answer = recognised.by_customer(comment="Ada was a great help, says Grace")
    page = manager.get(f"/thanks/inbox/{answer.pk}/")
    assert page.context["form"].initial == {"text": "Ada was a great help, says […]"}
    assert "says Grace" in text_of(page)  # the manager reads the original
    done = manager.post(f"/thanks/inbox/{answer.pk}/", {"text": "Ada was a great help."})
    assert (done.status_code, done.url) == (303, "/thanks/inbox/")
    assert list(Praise.objects.values_list("text", "state", "person")) == [
        ("Ada was a great help.", "shown", person.pk)
    ]


def test_words_that_still_name_the_customer_are_refused(manager):
    answer = recognised.by_customer()
    page = manager.post(f"/thanks/inbox/{answer.pk}/", {"text": "Grace Hopper likes Ada"})
    assert page.status_code == 422
    assert "This still says who wrote it: Grace, Hopper. Take it out." in text_of(page)
    assert not Praise.objects.exists()


def test_it_is_not_passed_on(manager):
    answer = recognised.by_customer()
    assert manager.post(f"/thanks/inbox/{answer.pk}/", {"refuse": "1", "text": ""}).status_code == 303
    assert Praise.objects.get().state == "refused"
    assert "Nothing is waiting." in text_of(manager.get("/thanks/inbox/"))


def test_what_is_decided_already_is_told(manager):
    answer = recognised.by_customer()
    manager.post(f"/thanks/inbox/{answer.pk}/", {"refuse": "1"})
    again = manager.post(f"/thanks/inbox/{answer.pk}/", {"text": "Ada was a great help."}, follow=True)
    assert "Somebody else has decided about these words" in text_of(again)
    assert manager.get(f"/thanks/inbox/{answer.pk}/").status_code == 404
    assert Praise.objects.get().state == "refused"


def test_who_had_a_hard_day_is_there_until_somebody_has_talked(manager):
    found = recognised.hint()
    page = text_of(manager.get("/thanks/inbox/"))
    assert "Ask how they are" in page
    assert found.agent.name in page
    assert manager.post(f"/thanks/inbox/hints/{found.pk}/settle/").status_code == 303
    assert "Ask how they are" not in text_of(manager.get("/thanks/inbox/"))
    assert SupportHint.objects.get().settled_by.name == "Mara"


def test_staff_see_nothing_of_it(client):
    client.force_login(StaffFactory())
    answer, found = recognised.by_customer(), recognised.hint()
    for path in ("/thanks/inbox/", f"/thanks/inbox/{answer.pk}/"):
        assert client.get(path).status_code == 403
    assert client.post(f"/thanks/inbox/{answer.pk}/", {"text": "x y"}).status_code == 403
    assert client.post(f"/thanks/inbox/hints/{found.pk}/settle/").status_code == 403
    page = text_of(client.get("/thanks/"))
    assert found.agent.name not in page
    assert "Words of customers to pass on" not in page
