from datetime import date

import pytest
from django.urls import reverse

from goals import calendar_feeds
from tests.factories import ReviewFactory, StaffFactory, UserFactory
from tests.goal_factories import CalendarFeedFactory

pytestmark = pytest.mark.django_db
SETTINGS = "/accounts/settings/"
RENEW = "/reviews/calendar/"


def test_a_calendar_program_reads_it_without_logging_in(client):
    person = StaffFactory()
    ReviewFactory(title="Spring", owner=person, on=date(2036, 3, 19))
    response = client.get(reverse("goals:calendar", args=[CalendarFeedFactory(person=person).token]))
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert response["Cache-Control"] == "private, max-age=300"
    assert response["Referrer-Policy"] == "no-referrer"
    assert b"SUMMARY:Spring\r\n" in response.content
    assert not response.cookies


def test_unknown_addresses_and_people_who_left(client):
    feed = CalendarFeedFactory(person=StaffFactory(is_active=False))
    for token in (feed.token, "x", "a" * 22):
        assert client.get(f"/reviews/calendar/{token}.ics").status_code == 404
    assert client.post(f"/reviews/calendar/{feed.token}.ics").status_code == 405


def test_the_address_is_made_and_made_anew_in_the_settings(client):
    person = StaffFactory()
    client.force_login(person)
    assert "Make an address" in client.get(SETTINGS).content.decode()
    assert client.get(RENEW).status_code == 405
    page = client.post(RENEW, follow=True).content.decode()
    first = calendar_feeds.url(person)
    assert f'value="{first}"' in page
    assert "Your calendar has an address." in page
    page = client.post(RENEW, follow=True).content.decode()
    assert first not in page
    assert f'value="{calendar_feeds.url(person)}"' in page
    assert "the old one is dead" in page
    assert client.get("/reviews" + first.partition("/reviews")[2]).status_code == 404


def test_whoever_has_no_reviews_to_see_gets_no_address(client):
    client.force_login(UserFactory())
    assert client.post(RENEW).status_code == 403
    assert "calendar-address" not in client.get(SETTINGS).content.decode()
    client.logout()
    assert client.post(RENEW).status_code == 302


def test_the_address_is_taken_away_and_the_calendar_is_gone(client):
    person, other = StaffFactory(), CalendarFeedFactory(person=StaffFactory())
    token = CalendarFeedFactory(person=person).token
    client.force_login(person)
    assert "Take the address away" in client.get(SETTINGS).content.decode()
    assert client.get(f"{RENEW}revoke/").status_code == 405
    page = client.post(f"{RENEW}revoke/", follow=True).content.decode()
    assert "Your calendar has no address any more; the old one is dead." in page
    assert "Take the address away" not in page
    assert client.get(f"/reviews/calendar/{token}.ics").status_code == 404
    assert client.get(f"/reviews/calendar/{other.token}.ics").status_code == 200
    assert client.post(f"{RENEW}revoke/").status_code == 302  # the same twice


def test_whoever_lost_the_role_can_still_take_it_away_and_a_stranger_cannot(client):
    person = UserFactory()
    token = CalendarFeedFactory(person=person).token
    assert client.post(f"{RENEW}revoke/").status_code == 302
    assert client.get(f"/reviews/calendar/{token}.ics").status_code == 200
    client.force_login(person)
    client.post(f"{RENEW}revoke/")
    assert client.get(f"/reviews/calendar/{token}.ics").status_code == 404
