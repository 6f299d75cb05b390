"""A customer answers: from the mail to the thanks, on phones and desks, without JavaScript."""

import pytest
from playwright.sync_api import Browser, Page

from kpiproject.models import Mail
from surveys import invitations
from surveys.invitations import Invitee
from surveys.models import Answer
from tests.browser.conftest import axe_violations, sideways
from tests.factories import InvitationFactory, SurveyFactory, UserFactory

WIDTHS = [320, 375, 1280]
KINDS = ["csat", "nps", "ces"]
LOOKS = [
    {"kind": "csat"},
    {"kind": "nps"},
    {"kind": "ces"},
    {"kind": "esat"},
    {"kind": "enps"},
    {"kind": "csat", "look": "smileys", "scale_max": 7},
    {"kind": "csat", "look": "smileys", "scale_max": 3},
    {"kind": "csat", "look": "stars", "scale_max": 10},
    {"kind": "csat", "look": "thumbs", "scale_max": 2},
    {"kind": "ces", "look": "smileys", "scale_max": 5, "lower_is_better": True},
]


def smallest_target(page: Page, selector: str) -> tuple[float, float]:
    boxes = [box for element in page.locator(selector).all() if (box := element.bounding_box())]
    return min(box["width"] for box in boxes), min(box["height"] for box in boxes)


def test_customer_answers_from_the_mail_without_javascript_or_cookie(browser: Browser, live_server, settings):
    settings.BASE_URL = live_server.url
    invitations.invite(SurveyFactory(kind="nps"), [Invitee(email="ada@example.org")])
    context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 700})
    page = context.new_page()
    page.set_content(Mail.objects.get().html)
    page.get_by_role("link", name="9 out of 10").click()
    assert page.get_by_role("radio", name="9 out of 10").is_checked()
    assert Answer.objects.count() == 0
    page.get_by_label("What is the main reason for your answer?").fill("Quick and kind")
    page.get_by_role("button", name="Send my answer").click()
    assert page.get_by_role("heading", name="Thank you").is_visible()
    assert list(Answer.objects.values_list("score", "comment")) == [(9, "Quick and kind")]
    assert context.cookies() == []
    context.close()


def test_score_can_be_chosen_with_the_keyboard_alone(page: Page, live_server):
    invitation = InvitationFactory(survey__kind="ces")
    page.goto(f"{live_server.url}/s/{invitation.token}/")
    for key in ("Tab", "Space", "ArrowRight", "ArrowRight", "Tab", "Tab", "Enter"):
        page.keyboard.press(key)
    page.get_by_role("heading", name="Thank you").wait_for()
    assert Answer.objects.get().score == 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_pages_for_respondents_fit_and_can_be_used_by_everybody(browser: Browser, live_server, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    for look in LOOKS:
        invitation = InvitationFactory(survey=SurveyFactory(**look))
        page.goto(f"{live_server.url}/s/{invitation.token}/?r=2")
        assert (sideways(page), axe_violations(page)) == (0, [])
        assert min(smallest_target(page, ".cells label")) >= 44
    SurveyFactory(slug="open-to-all", has_public_link=True)
    token = invitation.token
    for path in (f"s/{'A' * 22}/", f"u/{token}/", f"s/{token}/not-me/", f"s/{token}/x/", "p/open-to-all/"):
        page.goto(f"{live_server.url}/{path}")
        assert (sideways(page), axe_violations(page)) == (0, [])
    context.close()


@pytest.mark.parametrize("width", [320, 375, 1280])
@pytest.mark.parametrize("kind", KINDS)
def test_mail_has_scores_that_a_thumb_can_hit(browser: Browser, kind, width):
    invitations.invite(SurveyFactory(kind=kind), [Invitee(email="ada@example.org")])
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.set_content(Mail.objects.get().html)
    assert sideways(page) == 0
    assert min(smallest_target(page, "a.score")) >= 44
    context.close()


def test_errors_are_shown_where_they_belong(page: Page, live_server):
    invitation = InvitationFactory()
    page.goto(f"{live_server.url}/s/{invitation.token}/")
    page.evaluate("document.querySelectorAll('input').forEach(input => { input.required = false })")
    page.get_by_label("What is the main reason for your answer?").fill("x" * 5001)
    page.get_by_role("button", name="Send my answer").click()
    page.get_by_role("alert").wait_for()
    assert page.get_by_role("alert").get_by_role("link").count() == 2
    assert page.get_by_label("What is the main reason for your answer?").input_value() == "x" * 5001
    assert axe_violations(page) == []


def test_pages_of_the_policy_complain_about_nothing(page: Page, live_server, complaints):
    invitation = InvitationFactory(survey__kind="nps")
    page.goto(f"{live_server.url}/s/{invitation.token}/")
    page.get_by_role("radio", name="7 out of 10").check(force=True)
    page.get_by_role("button", name="Send my answer").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    assert complaints == []


@pytest.mark.parametrize("path", ["surveys/", "surveys/mine/", "surveys/mine/invite/", "surveys/mine/invitations/"])
def test_pages_for_staff_fit_and_can_be_used_by_everybody(page: Page, live_server, client, path):
    invitations.invite(SurveyFactory(slug="mine"), [Invitee(email="ada@example.org")])
    # The roles come from a migration, and tests with real transactions empty every table after them.
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    session = client.cookies["plumbline_session"].value
    page.context.add_cookies([{"name": "plumbline_session", "value": session, "url": live_server.url}])
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(f"{live_server.url}/{path}")
    assert page.url == f"{live_server.url}/{path}"
    assert (sideways(page), axe_violations(page)) == (0, [])
