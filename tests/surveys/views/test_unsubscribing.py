import pytest

from surveys.models import Suppression
from tests.factories import InvitationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitation():
    return InvitationFactory(contact__email="ada@example.org")


def suppressed() -> list[str]:
    return list(Suppression.objects.values_list("email", flat=True))


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_does_not_unsubscribe(client, invitation, method):
    assert getattr(client, method)(f"/u/{invitation.token}/").status_code == 200
    assert suppressed() == []


def test_button_unsubscribes(client, invitation):
    page = client.get(f"/u/{invitation.token}/").content.decode()
    assert '<form method="post"><button>Send me no more surveys</button></form>' in page
    response = client.post(f"/u/{invitation.token}/")
    assert (response.status_code, suppressed()) == (200, ["ada@example.org"])
    assert "<h1>You will not be asked again</h1>" in response.content.decode()
    assert "<h1>You will not be asked again</h1>" in client.get(f"/u/{invitation.token}/").content.decode()


def test_one_click_of_a_mail_program_unsubscribes_without_cookie_or_redirect(client, invitation):
    for _time in range(2):
        response = client.post(
            f"/u/{invitation.token}/",
            "List-Unsubscribe=One-Click",
            content_type="application/x-www-form-urlencoded",
        )
        assert (response.status_code, bool(response.cookies)) == (200, False)
    assert suppressed() == ["ada@example.org"]


def test_unsubscribing_works_when_the_invitation_is_long_over(client):
    invitation = InvitationFactory(survey__status="closed")
    assert client.post(f"/u/{invitation.token}/").status_code == 200
    assert suppressed() == [invitation.contact.email]


@pytest.mark.parametrize("method", ["get", "post"])
def test_unknown_token_is_404(client, method):
    assert getattr(client, method)("/u/AAAAAAAAAAAAAAAAAAAAAA/").status_code == 404
    assert suppressed() == []
