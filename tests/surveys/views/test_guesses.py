import pytest
from django.core.cache import cache

from kpiproject.lib.tokens import new_token
from surveys.models import Answer
from surveys.views import guesses
from tests.factories import InvitationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_guessed_yet():
    cache.clear()
    yield
    cache.clear()


def test_ten_thousand_guesses_are_put_off_and_nobody_else_is(client, django_assert_max_num_queries):
    """Each of them a well-formed token of its own; on every page that has one."""
    client.get("/s/-/")
    paths = ["/s/{}/", "/s/{}/thanks/", "/s/{}/not-me/", "/s/{}/x/", "/u/{}/", "/p/{}/"]
    statuses = [client.get(paths[n % 6].format(new_token())).status_code for n in range(guesses.MOST_GUESSES + 40)]
    assert statuses == [404] * (guesses.MOST_GUESSES - 1) + [429] * 41
    with django_assert_max_num_queries(2):  # the look-up and the name on the page: a flood writes nothing
        refused = client.post(f"/s/{new_token()}/", {"score": "9"})
    assert (refused.status_code, refused["Retry-After"]) == (429, "600")
    assert "A complete link still works" in refused.content.decode()

    invitation = InvitationFactory()
    assert client.get(f"/s/{new_token()}/", REMOTE_ADDR="192.0.2.7").status_code == 404
    assert client.post(f"/s/{invitation.token}/", {"score": "4"}).status_code == 303
    assert Answer.objects.get().score == 4
