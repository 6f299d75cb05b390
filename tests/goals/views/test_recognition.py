import re
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals.models import Praise, Thanks
from kpiproject.models import Mail
from tests.factories import GoalFactory, StaffFactory, UserFactory
from tests.goals import recognised
from tests.goals.courses import pieces, week
from tests.goals.recognised import NOW
from tests.metrics.figures import organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(client):
    found = StaffFactory(name="Ines")
    client.force_login(found)
    return found


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", answer.content.decode()))


def test_an_empty_page_invites_to_begin(client, person):
    page = text_of(client.get("/thanks/"))
    assert "Nobody has said anything yet." in page
    assert "A customer has praised you" not in page


def test_somebody_thanks_a_colleague(client, person):
    other = StaffFactory(name="Jon")
    answer = client.post("/thanks/", {"whom": f"person-{other.pk}", "what": "You found the <b>parcel</b> at last."})
    assert (answer.status_code, answer.url) == (303, "/thanks/")
    page = client.get("/thanks/").content.decode()
    assert "You found the &lt;b&gt;parcel&lt;/b&gt; at last." in page
    assert "Ines to Jon" in page
    assert Mail.objects.get().recipient == other.email


def test_without_what_was_done_the_form_comes_back(client, person):
    other = StaffFactory()
    answer = client.post("/thanks/", {"whom": f"person-{other.pk}", "what": "Thanks!"})
    assert answer.status_code == 422
    assert "Name what was done: a few words more" in text_of(answer)
    assert not Thanks.objects.exists()


def test_whom_it_is_for_hides_it_and_shows_it_again(client, person):
    found = recognised.thanks(person)
    assert client.post(f"/thanks/{found.pk}/hide/").status_code == 303
    assert "only you see this" in text_of(client.get("/thanks/"))
    client.force_login(StaffFactory())
    assert found.what not in text_of(client.get("/thanks/"))
    client.force_login(person)
    assert client.post(f"/thanks/{found.pk}/show/").status_code == 303
    assert "only you see this" not in text_of(client.get("/thanks/"))


@pytest.mark.parametrize("step", ["hide", "show"])
def test_nobody_hides_what_is_for_others(client, person, step):
    found = recognised.thanks()
    assert client.post(f"/thanks/{found.pk}/{step}/").status_code == 404


def test_praise_is_seen_by_whom_it_is_about_until_they_share_it(client, person):
    found = recognised.praise(person)
    assert "A customer has praised you She stayed on the line." in re.sub(
        r" Only you see this so far. May the team read it as well\?", "", text_of(client.get("/thanks/"))
    ).replace("  ", " ")
    other = StaffFactory()
    client.force_login(other)
    assert "She stayed on the line." not in text_of(client.get("/thanks/"))
    assert client.post(f"/thanks/praise/{found.pk}/share/").status_code == 404
    client.force_login(person)
    assert client.post(f"/thanks/praise/{found.pk}/share/").status_code == 303
    client.force_login(other)
    page = text_of(client.get("/thanks/"))
    assert "She stayed on the line." in page
    assert "about Ines" in page
    client.force_login(person)
    assert client.post(f"/thanks/praise/{found.pk}/keep/").status_code == 303
    assert Praise.objects.get().state == "kept"
    assert "Kept for you" in text_of(client.get("/thanks/"))


def test_the_comment_itself_and_its_customer_are_never_on_the_page(client, person):
    answer = recognised.by_customer(comment="Secret words of help from Grace")
    recognised.praise(person, answer=answer, state="shared")
    page = client.get("/thanks/").content.decode()
    for secret in ("Secret words", "Grace", "Hopper", "grace.hopper"):
        assert secret not in page


def test_a_goal_that_was_really_reached_is_named(client, person):
    course = pieces([80, 82, 81, 80, 82, 81, 80, 82, 91])
    GoalFactory(
        statement="Nine of ten", course=course, start=week(8), due=date(2026, 3, 16), status="achieved", target=90.0
    )
    GoalFactory(statement="By luck", course=course[:8], start=week(6), due=date(2026, 3, 16), status="achieved")
    page = text_of(client.get("/thanks/"))
    assert "Nine of ten" in page
    assert "By luck" not in page


def test_nothing_is_counted_and_nobody_ranked(client, person):
    for _number in range(3):
        recognised.thanks(person, what="You helped me out again.")
    page = client.get("/thanks/").content.decode()
    section = page[page.index('id="said"') : page.index("</section>", page.index('id="said"'))]
    assert not re.search(r"\b3\b", re.sub(r"<[^>]+>|18 Mar 2026", "", section))


def test_one_and_three_cost_the_same(client, person):
    organisation()
    counts = []
    for more in (1, 2):
        for _number in range(more):
            recognised.thanks(person)
            recognised.praise(person, state="shared")
        client.get("/thanks/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/thanks/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_whoever_has_no_role_sees_nothing(client):
    client.force_login(UserFactory())
    assert client.get("/thanks/").status_code == 403
    assert client.post("/thanks/", {}).status_code == 403
