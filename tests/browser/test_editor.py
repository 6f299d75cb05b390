"""A manager makes a survey out of a blueprint, in two languages and with a question that branches, and opens it."""

import pytest
from playwright.sync_api import Browser, Page, expect

from surveys import lifecycle, starting, versions, writing
from surveys.blueprints import BLUEPRINTS
from surveys.models import Survey
from surveys.starting import Start
from tests.browser.conftest import axe_violations, sideways
from tests.browser.test_front import log_in
from tests.factories import ManagerFactory


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
def test_survey_is_made_from_a_blueprint_in_two_languages_with_a_branch_and_opened(
    browser: Browser, live_server, client, has_script
):
    context = browser.new_context(java_script_enabled=has_script, viewport={"width": 390, "height": 800})
    page = context.new_page()
    log_in(page, client, live_server.url, ManagerFactory())
    page.goto(f"{live_server.url}/surveys/")
    page.get_by_role("link", name="New survey").click()
    page.get_by_role("link", name="Customer satisfaction (CSAT)").click()
    page.get_by_label("Name").fill("After a chat")
    page.get_by_label("Deutsch", exact=True).check()
    page.get_by_role("button", name="Make the draft").click()

    write_two_questions(page)
    translate_what_is_missing(page)
    page.get_by_role("button", name="Open the survey").click()
    expect(page.get_by_text("The survey is open. People can be asked and can answer.")).to_be_visible()
    context.close()

    survey = Survey.objects.get(slug="after-a-chat")
    content = versions.read(versions.asked_now(survey))
    wrong, what = content.questions
    assert (survey.status, list(content.wordings), wrong.standings) == ("open", ["en", "de"], (-1,))
    assert (what.after, what.after_options) == (wrong.id, ("something-else",))
    assert wrong.prompt("de", "en").options == {"too-slow": "Zu langsam", "something-else": "Etwas anderes"}


def write_two_questions(page: Page) -> None:
    """One for the unhappy, and one that follows one of its options."""
    page.get_by_role("link", name="Further questions").click()
    page.get_by_role("link", name="One of several").click()
    page.get_by_label("Question in English").fill("What went wrong?")
    page.get_by_label("Option 1 in English").fill("Too slow")
    page.get_by_label("Option 2 in English").fill("Something else")
    page.get_by_role("button", name="Another option").click()
    page.get_by_label("unhappy").check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="A line of text").click()
    page.get_by_label("Question in English").fill("What was it?")
    page.get_by_label("Question in Deutsch").fill("Was war es?")
    page.get_by_label("What went wrong? → Something else").check()
    page.get_by_role("button", name="Save", exact=True).click()


def translate_what_is_missing(page: Page) -> None:
    missing = "Missing in Deutsch, further questions: “What went wrong?”, “Too slow”, “Something else”."
    page.get_by_role("link", name=missing).click()
    page.get_by_label("Question in Deutsch").fill("Was lief falsch?")
    page.get_by_label("Option 1 in Deutsch").fill("Zu langsam")
    page.get_by_label("Option 2 in Deutsch").fill("Etwas anderes")
    page.get_by_role("button", name="Save", exact=True).click()


def test_strip_follows_the_thresholds_while_they_are_chosen(page: Page, live_server, client, complaints):
    starting.from_blueprint(BLUEPRINTS["effort"], Start(name="Mine", slug="mine", languages=["en"]))
    log_in(page, client, live_server.url, ManagerFactory())
    page.goto(f"{live_server.url}/surveys/mine/edit/scale/")
    page.get_by_label("Neutral").select_option("4")
    tones = [one.get_attribute("class") for one in page.locator(".strip-score").all()]
    assert [tone.removeprefix("strip-score strip-") for tone in tones] == ["good", "good", "warn", "warn", "bad"]
    assert page.locator(".strip-name").all_text_contents() == ["easy", "easy", "neutral", "neutral", "effort"]
    page.get_by_role("button", name="Save the thresholds").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert Survey.objects.get(slug="mine").scale.steps == (4, 2)
    assert complaints == []


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (390, "dark"), (1280, "light"), (1280, "dark")])
def test_pages_fit_and_can_be_used_by_everybody(browser: Browser, live_server, client, width, scheme):
    start = Start(name="Recommendation", slug="mine", languages=["en", "de", "ar"])
    survey = starting.from_blueprint(BLUEPRINTS["nps_groups"], start)
    lifecycle.open_survey(survey)
    said = writing.words(survey, "en")
    writing.save_words(survey, "en", {**said, "question": "Else?"}, seen=writing.fingerprint(said))
    branching = survey.questions.get(after__isnull=False)
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    log_in(page, client, live_server.url, ManagerFactory())
    for path in (
        "new/", "new/exit/", "new/blank/", "mine/edit/", "mine/edit/?language=ar", "mine/edit/scale/",
        "mine/edit/rules/", "mine/edit/questions/", f"mine/edit/questions/{branching.pk}/",
        "mine/edit/questions/new/?kind=scale", "mine/versions/",
    ):  # fmt: skip
        page.goto(f"{live_server.url}/surveys/{path}")
        assert (path, sideways(page), axe_violations(page)) == (path, 0, [])
    context.close()
