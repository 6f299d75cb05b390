"""The page out of the mail, and what a manager writes down for somebody without an account."""

import re
from datetime import timedelta

import pytest
import time_machine

from goals.models import Praise
from tests.factories import ManagerFactory, StaffFactory
from tests.goals import recognised
from tests.goals.recognised import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def passed(db):
    return recognised.passed_on(at=NOW)


def path(found):
    return f"/thanks/praise/mail/{recognised.link(found)}/"


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", answer.content.decode()))


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_decides_nothing(client, passed, method):
    answer = getattr(client, method)(path(passed))
    assert (answer.status_code, answer.cookies.keys()) == (200, set())
    assert (answer["Referrer-Policy"], answer["Cache-Control"]) == ("no-referrer", "no-store")
    passed.refresh_from_db()
    assert (passed.state, passed.decided_at) == ("shown", None)


def test_a_button_decides_and_the_other_one_is_left(client, passed):
    page = client.get(path(passed))
    assert "She stayed on the line." in text_of(page)
    assert "So far only you, and the manager who has passed it on, have read this." in text_of(page)
    answer = client.post(path(passed), {"answer": "share"})
    assert (answer.status_code, answer["Location"]) == (303, path(passed))
    page = client.get(path(passed))
    assert "You have said that the team may read it." in text_of(page)
    assert re.findall(r'value="(share|keep)"', page.content.decode()) == ["keep"]
    client.post(path(passed), {"answer": "keep"})
    assert "It stays with you." in text_of(client.get(path(passed)))
    assert Praise.objects.get().state == "kept"


@pytest.mark.parametrize("data", [{}, {"answer": "shown"}, {"answer": "share\x00"}])
def test_anything_else_is_refused(client, passed, data):
    answer = client.post(path(passed), data)
    assert answer.status_code == 422
    assert "Choose one of the two." in text_of(answer)
    assert Praise.objects.get().state == "shown"


def test_an_old_link_says_what_to_do(client, passed):
    old = path(passed)
    with time_machine.travel(NOW + timedelta(days=31), tick=False):
        for answer in (client.get(old), client.post(old, {"answer": "share"})):
            assert answer.status_code == 410
            assert "tell your manager" in text_of(answer)
            assert "She stayed" not in text_of(answer)
    assert Praise.objects.get().state == "shown"


def test_a_made_up_link_leads_nowhere(client, passed):
    assert client.post(path(passed)[:-4] + "xxx/", {"answer": "share"}).status_code == 404
    assert Praise.objects.get().state == "shown"


def test_what_they_shared_stands_on_the_page_of_thanks_with_their_name(client, passed):
    client.force_login(StaffFactory())
    assert "She stayed on the line." not in text_of(client.get("/thanks/"))
    client.post(path(passed), {"answer": "share"})
    assert f"She stayed on the line. about {passed.agent}" in text_of(client.get("/thanks/"))


# --- The manager
def record(client, found, **data):
    return client.post(f"/thanks/inbox/passed-on/{found.pk}/", data, follow=True)


def test_a_manager_writes_down_what_they_said(client, passed):
    client.force_login(ManagerFactory(name="Mara"))
    page = text_of(client.get("/thanks/inbox/"))
    assert "Write down only what they have said to you; your name and the day are kept with it." in page
    assert "no address: tell them yourself Not decided yet" in page
    page = text_of(record(client, passed, answer="share"))
    assert f"Written down: {passed.agent} agrees, and the team sees it now." in page
    assert "The team reads it Written down by Mara on 18 Mar 2026." in page
    page = text_of(record(client, passed, answer="keep"))
    assert f"Written down: {passed.agent} keeps it, and nobody else sees it." in page


def test_what_they_keep_themselves_is_offered_to_nobody(client, passed):
    client.post(path(passed), {"answer": "keep"})
    client.force_login(ManagerFactory())
    page = client.get("/thanks/inbox/")
    assert "They keep it They said so themselves on 18 Mar 2026." in text_of(page)
    assert 'value="share"' not in page.content.decode()
    assert "Only they can share it." in text_of(record(client, passed, answer="share"))
    assert Praise.objects.get().state == "kept"


def test_who_and_what_is_refused(client, passed):
    client.force_login(StaffFactory())
    assert record(client, passed, answer="share").status_code == 403
    client.force_login(ManagerFactory())
    assert "Choose what they said." in text_of(record(client, passed, answer="both"))
    mine = recognised.praise(StaffFactory(), agent=recognised.agent())
    assert record(client, mine, answer="share").status_code == 404
    assert client.get(f"/thanks/inbox/passed-on/{passed.pk}/").status_code == 405
    assert set(Praise.objects.values_list("state", flat=True)) == {"shown"}
