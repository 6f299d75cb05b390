"""A manager has customers asked after solved tickets, and people out of a file, after looking at whom it reaches."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from kpiproject.models import Mail
from surveys import invitations, mailings
from surveys.invitations import Invitee
from surveys.models import Mailing, SendingRule
from tests.browser.conftest import axe_violations, sideways
from tests.browser.test_front import log_in
from tests.factories import CustomerFactory, ManagerFactory, RuleFactory, SurveyFactory, TicketFactory


def solved_tickets() -> None:
    for number, channel in enumerate(("chat", "mail", "chat")):
        TicketFactory(
            customer=CustomerFactory(email=f"p{number}@example.org" if number else "", name=f"Person {number}"),
            solved_at=timezone.now() - timedelta(days=2),
            channel=channel,
        )


def test_rule_is_written_looked_at_and_switched_on(page: Page, live_server, client, complaints):
    SurveyFactory(slug="mine", name="Mine")
    solved_tickets()
    log_in(page, client, live_server.url, ManagerFactory())
    page.goto(f"{live_server.url}/surveys/mine/")
    page.get_by_role("link", name="Sending", exact=True).click()
    page.get_by_role("link", name="After solved tickets").click()
    page.get_by_label("Name").fill("A day later")
    page.get_by_label("chat").check()
    page.get_by_role("button", name="Save and show whom it reaches").click()
    expect(page.get_by_text("1 person would be asked, 1 would not.")).to_be_visible()
    expect(page.get_by_role("row", name="p2@example.org")).to_contain_text("will be asked")
    expect(page.get_by_text("Saved. Nobody is asked before you switch it on.")).to_be_visible()
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_text("The rule “A day later” is on.")).to_be_visible()
    rule = SendingRule.objects.get()
    assert (rule.is_active, rule.filters, Mail.objects.count()) == (True, {"channel": ["chat"]}, 0)
    assert complaints == []


def test_file_is_looked_at_and_sent(page: Page, live_server, client, tmp_path: Path):
    SurveyFactory(slug="mine")
    people = tmp_path / "people.csv"
    people.write_text("email,name,team\nada@example.org,Ada,Blue\nnonsense,Ben,\nADA+x@example.org,,\n")
    log_in(page, client, live_server.url, ManagerFactory())
    page.goto(f"{live_server.url}/surveys/mine/invite/")
    by_file = page.get_by_role("region", name="By file")
    by_file.locator("[type=file]").set_input_files(people)
    by_file.get_by_role("button", name="Show who will be asked").click()
    expect(page.get_by_text("“nonsense” is not an e-mail address.")).to_be_visible()
    expect(page.get_by_text("is in the list twice").first).to_be_visible()
    page.get_by_role("button", name="Send 1 mail").click()
    expect(page.get_by_text("0 of 2 lines are done.")).to_be_visible()
    mailings.work_off(Mailing.objects.get().pk)
    expect(page.get_by_text("1 person was asked.")).to_be_visible()  # the page looks by itself
    assert list(Mail.objects.values_list("recipient", flat=True)) == ["ada@example.org"]


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (390, "dark"), (1280, "light"), (1280, "dark")])
def test_pages_fit_and_can_be_used_by_everybody(browser: Browser, live_server, client, width, scheme):
    survey = SurveyFactory(slug="mine", reminder_days=[3])
    solved_tickets()
    rule = RuleFactory(survey=survey, filters={"channel": ["chat"]})
    list(invitations.invite_each(survey, [Invitee(email="p1@example.org"), Invitee(email="nonsense")], rule=rule))
    made = mailings.create(
        survey, name="people.csv", data=b"email\nada@example.org\nnonsense\np1@example.org\n", by=None
    )
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    log_in(page, client, live_server.url, ManagerFactory())
    for path in (
        "surveys/mine/sending/", f"surveys/mine/sending/{rule.pk}/", f"surveys/mine/sending/{rule.pk}/edit/",
        "surveys/mine/sending/new/schedule/", "surveys/mine/invite/", f"surveys/mine/mailings/{made.token}/",
        "surveys/mine/skipped/", "quiet-time/",
    ):  # fmt: skip
        page.goto(f"{live_server.url}/{path}")
        assert (path, sideways(page), axe_violations(page)) == (path, 0, [])
    context.close()
