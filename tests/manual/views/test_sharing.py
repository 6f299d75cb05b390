import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kpiproject.mail import SECRET_KINDS
from kpiproject.models import Mail, User
from kpiproject.tasks import deliver_mail
from manual import followers, passphrases, share_mail, shares
from manual.models import Share
from tests.factories import EditionFactory, ManagerFactory, ShareFactory, StaffFactory, StakeholderFactory
from tests.kpiproject.security import faults
from tests.manual.views.test_reading import words

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return ManagerFactory(name="Mara Lindqvist", email="mara@example.org")


def given(**changes: str) -> dict[str, str]:
    return {"name": "Auditor", "edition": "1", "days": "90", "email": "", **changes}


def test_without_an_edition_there_is_nothing_to_share(manager: Client) -> None:
    response = manager.get("/manual/shares/")
    assert "Only published editions can be shared, and there is none yet." in words(response)
    assert manager.post("/manual/shares/", given()).status_code == 422


def test_a_link_is_made_and_shown(manager: Client, person: User, settings) -> None:
    settings.BASE_URL = "https://plumbline.example.org"
    EditionFactory()
    latest = EditionFactory()
    page = manager.get("/manual/shares/").content.decode()
    assert '<option value="2" selected>Edition 2</option>' in page
    assert 'name="days" value="90"' in page
    with time_machine.travel(NOON, tick=False):
        response = manager.post("/manual/shares/", given(edition="2"))
    share = Share.objects.get()
    assert (share.name, share.edition, share.created_by, share.email) == ("Auditor", latest, person, "")
    assert share.expires_at == NOON + timedelta(days=90)
    assert (response.status_code, response["Location"]) == (302, f"/manual/shares/?link={share.pk}")
    Share.objects.update(expires_at=timezone.now() + timedelta(days=1))
    shown = manager.get(response["Location"])
    assert f'value="https://plumbline.example.org/share/{share.token}/"' in shown.content.decode()
    assert faults(shown) == []
    assert Mail.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "For whom : Please say for whom the link is, or choose a stakeholder."),
        ({"passphrase": "short"}, "Passphrase : Ensure this value has at least 8 characters (it has 5)."),
        ({"sections": "gone"}, "Sections : Select a valid choice. gone is not one of the available choices."),
        (
            {"stakeholder": "77"},
            "Stakeholder : Select a valid choice. That choice is not one of the available choices.",
        ),
        ({"days": "0"}, "Works for (days) : Ensure this value is greater than or equal to 1."),
        ({"days": "366"}, "Works for (days) : Ensure this value is less than or equal to 365."),
        ({"days": "soon"}, "Works for (days) : Enter a whole number."),
        ({"edition": "7"}, "Edition : Select a valid choice. That choice is not one of the available choices."),
        ({"email": "nobody"}, "E-mail address : Enter a valid email address."),
        ({"sends_mail": "on"}, "E-mail address : Please say to which address the link is to be sent."),
    ],
)
def test_what_cannot_be_shared_is_said(manager: Client, changes: dict[str, str], said: str) -> None:
    EditionFactory()
    response = manager.post("/manual/shares/", given(**changes))
    assert response.status_code == 422
    assert f"Nothing was saved yet. Please mend this: {said}" in words(response)
    assert Share.objects.count() == 0


def test_the_link_is_sent_by_mail_once(
    manager: Client, person: User, settings, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    settings.BASE_URL = "https://plumbline.example.org"
    woken: list[int] = []
    monkeypatch.setattr(deliver_mail, "delay", woken.append)
    EditionFactory()
    with django_capture_on_commit_callbacks(execute=True):
        response = manager.post("/manual/shares/", given(email="a@example.org", sends_mail="on"), follow=True)
    share, mail = Share.objects.get(), Mail.objects.get()
    assert "The link is on its way to a@example.org." in words(response)
    assert (mail.key, mail.kind, mail.recipient) == (f"share:{share.pk}", "manual_share", "a@example.org")
    assert mail.kind in SECRET_KINDS  # nobody reads the link in the administration
    assert (mail.reply_to, woken) == ("mara@example.org", [mail.pk])
    assert mail.subject == "The Customer Service Manual of My organisation"
    url = f"https://plumbline.example.org/share/{share.token}/"
    assert (mail.text.count(url), mail.html.count(f'href="{url}"')) == (1, 1)
    assert "Mara Lindqvist shares edition 1 of the Customer Service Manual of My organisation with you" in mail.text
    share_mail.put_into_outbox(share, by=person)
    assert Mail.objects.count() == 1


def test_a_form_that_is_sent_twice_makes_one_link_and_one_mail(manager: Client) -> None:
    EditionFactory()
    page = manager.get("/manual/shares/").content.decode()
    (key,) = re.findall(r'name="form_key" value="([^"]+)"', page)
    for _click in range(2):
        manager.post("/manual/shares/", given(email="a@example.org", sends_mail="on", form_key=key))
    assert (Share.objects.count(), Mail.objects.count()) == (1, 1)
    assert key not in manager.get("/manual/shares/").content.decode()


def test_revoking_keeps_the_mail_from_leaving(manager: Client, person: User) -> None:
    first, second = ShareFactory(email="a@example.org"), ShareFactory(email="b@example.org")
    mails = [share_mail.put_into_outbox(share, by=person) for share in (first, second)]
    Mail.objects.filter(pk=mails[0].pk).update(state=Mail.State.CLAIMED, lease_token="x")
    for share in (first, second):
        manager.post(f"/manual/shares/{share.pk}/revoke/")
    assert list(Mail.objects.values_list("state", "lease_token")) == [("cancelled", "")] * 2
    sent = share_mail.put_into_outbox(ShareFactory(email="c@example.org"), by=person)
    Mail.objects.filter(pk=sent.pk).update(state=Mail.State.SENT)
    shares.revoke(Share.objects.get(email="c@example.org"))
    assert Mail.objects.get(pk=sent.pk).state == Mail.State.SENT


def test_an_address_alone_sends_nothing(manager: Client) -> None:
    EditionFactory()
    manager.post("/manual/shares/", given(email="a@example.org"))
    assert (Share.objects.get().email, Mail.objects.count()) == ("a@example.org", 0)


def test_the_list_says_who_may_read_until_when_and_whether_they_did(manager: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        manager.force_login(ManagerFactory())
        ShareFactory(name="Open", email="o@example.org")
        ShareFactory(name="Expired", expires_at=NOON - timedelta(days=1))
        shares.revoke(ShareFactory(name="Revoked", views=1, last_seen_at=NOON))
        said = words(manager.get("/manual/shares/"))
    assert "Revoked Edition 3 revoked 31 May 2026 1 time 2 Mar 2026, 12:00 –" in said
    assert "Expired Edition 2 expired 1 Mar 2026 0 times never –" in said
    assert (
        "Open o@example.org Edition 1 works 31 May 2026 0 times never "
        "Show the link for Open New address of the link for Open Revoke the link for Open"
    ) in said


def test_the_list_shows_no_token_unless_asked(manager: Client) -> None:
    share = ShareFactory()
    assert share.token not in manager.get("/manual/shares/").content.decode()
    assert share.token in manager.get(f"/manual/shares/?link={share.pk}").content.decode()
    shares.revoke(share)
    assert share.token not in manager.get(f"/manual/shares/?link={share.pk}").content.decode()


@pytest.mark.parametrize("link", ["", "x", "0", "-1", "²", "9" * 40, "999"])
def test_a_link_that_does_not_exist_is_not_shown(manager: Client, link: str) -> None:
    assert manager.get("/manual/shares/", {"link": link}).status_code == 200


def test_revoking(manager: Client) -> None:
    share = ShareFactory(name="Auditor")
    response = manager.post(f"/manual/shares/{share.pk}/revoke/", follow=True)
    assert "The link for Auditor no longer works." in words(response)
    share.refresh_from_db()
    first = share.revoked_at
    manager.post(f"/manual/shares/{share.pk}/revoke/")
    share.refresh_from_db()
    assert share.revoked_at == first
    assert manager.post("/manual/shares/999/revoke/").status_code == 404


def test_the_list_costs_the_same_for_one_and_three_and_is_in_pages(manager: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            manager.get("/manual/shares/")
        return len(queries)

    edition = EditionFactory()
    ShareFactory(edition=edition)
    count()
    one = count()
    for _number in range(2):
        ShareFactory(edition=edition, created_by=ManagerFactory())
    assert count() == one
    for _number in range(23):
        ShareFactory(edition=edition)
    assert "Page 1 of 2" in words(manager.get("/manual/shares/"))
    assert len(re.findall(r"/revoke/", manager.get("/manual/shares/?page=2").content.decode())) == 1


def test_everything_that_a_link_can_have(manager: Client) -> None:
    EditionFactory()
    changes = {"reason": "Audit", "follows_editions": "on", "sections": "our-promise", "passphrase": "correct horse"}
    assert manager.post("/manual/shares/", given(**changes)).status_code == 302
    share = Share.objects.get()
    assert (share.reason, share.follows_editions, share.sections) == ("Audit", True, ["our-promise"])
    assert passphrases.is_right(share, "correct horse")
    follower = followers.ask(share, "a@example.org")
    followers.confirm(follower)
    followers.ask(share, "unconfirmed@example.org")
    said = words(manager.get("/manual/shares/"))
    assert "Auditor Audit Edition 1 and later ones Our promise to customers with a passphrase 1 follower works" in said
    assert "correct horse" not in manager.get(f"/manual/shares/?link={share.pk}").content.decode()


def test_stakeholders_are_offered_and_give_their_name_and_address(manager: Client) -> None:
    EditionFactory()
    ute = StakeholderFactory(name="Ute Brandt", email="ute@example.org")
    StakeholderFactory(name="Gone", is_active=False)
    page = manager.get("/manual/shares/").content.decode()
    assert f'<option value="{ute.pk}">Ute Brandt</option>' in page
    assert ">Gone<" not in page
    manager.post("/manual/shares/", given(name="", stakeholder=str(ute.pk), sends_mail="on"))
    assert list(Share.objects.values_list("name", "email")) == [("Ute Brandt", "ute@example.org")]
    assert Mail.objects.get().recipient == "ute@example.org"


def test_a_new_address_closes_the_old_one_at_once(manager: Client, person: User) -> None:
    share = ShareFactory(name="Auditor", email="a@example.org")
    old, waiting = share.token, share_mail.put_into_outbox(share, by=person)
    response = manager.post(f"/manual/shares/{share.pk}/rotate/")
    assert (response.status_code, response["Location"]) == (302, f"/manual/shares/?link={share.pk}")
    shown = manager.get(response["Location"])
    assert "The link for Auditor has a new address. The old one no longer works; pass the new one on." in words(shown)
    share.refresh_from_db()
    waiting.refresh_from_db()
    assert (waiting.state, share.token in shown.content.decode()) == (Mail.State.CANCELLED, True)
    assert [manager.get(f"/share/{token}/").status_code for token in (old, share.token)] == [410, 200]
    again = share_mail.put_into_outbox(share, by=person)
    assert (again.pk == waiting.pk, share.token in again.text) == (False, True)


def test_what_is_closed_gets_no_new_address(manager: Client) -> None:
    share = ShareFactory(name="Auditor")
    shares.revoke(share)
    response = manager.post(f"/manual/shares/{share.pk}/rotate/", follow=True)
    assert "The link for Auditor does not work any more; make a new one." in words(response)
    assert manager.get(f"/share/{share.token}/").status_code == 410
    assert manager.post("/manual/shares/999/rotate/").status_code == 404


def test_the_list_says_what_is_locked(manager: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        manager.force_login(ManagerFactory())
        ShareFactory(name="Auditor", passphrase="x", locked_until=NOON + timedelta(hours=1))
        assert "locked after wrong passphrases, until 2 Mar 2026, 13:00" in words(manager.get("/manual/shares/"))


def test_staff_cannot_share(client: Client) -> None:
    client.force_login(StaffFactory())
    share = ShareFactory()
    assert client.get("/manual/shares/").status_code == 403
    assert client.post("/manual/shares/", given()).status_code == 403
    for what in ("revoke", "rotate"):
        assert client.post(f"/manual/shares/{share.pk}/{what}/").status_code == 403
    assert Share.objects.filter(revoked_at__isnull=True).count() == 1
