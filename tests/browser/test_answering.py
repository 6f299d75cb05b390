"""What the light script does, and what it does not do for robots; further questions, languages, the way back."""

import pytest
from playwright.sync_api import Browser, Page, expect

from surveys import versions
from surveys.models import Answer, AnswerChange, Click, Question, Reply, Survey, Translation
from tests.browser.conftest import axe_violations, sideways
from tests.factories import InvitationFactory, SurveyFactory

SAVED = "Your score is saved. You can still change it, or add something."
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/18.6 Mobile Safari/604.1"
CLICK_EVERYTHING = """() => {
    for (const one of document.querySelectorAll("input[type=radio]")) {
        one.click();
        one.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
        one.dispatchEvent(new MouseEvent("click", { bubbles: true, detail: 1 }));
        one.dispatchEvent(new Event("change", { bubbles: true }));
    }
    const comment = document.getElementById("comment");
    comment.value = "from a machine";
    comment.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, key: "a" }));
    comment.dispatchEvent(new Event("input", { bubbles: true }));
}"""


def stored() -> list[tuple[int, str]]:
    return list(Answer.objects.order_by("id").values_list("score", "comment"))


def branching(**fields: object) -> Survey:
    """Detractors are asked why, and what else it was; everybody a scale. In English and Arabic."""
    survey = SurveyFactory(kind="nps", **fields)
    labels = {"slow": "It took too long", "other": "Something else"}
    why = _question(survey, "choice", "What disappointed you?", labels, standings=[-1], is_required=True)
    _question(survey, "short", "What else was it?", {}, after=why, after_options=["other"])
    _question(survey, "multiple", "What do you like?", {"people": "The people"}, standings=[1])
    _question(survey, "scale", "And the product?", {})
    _question(survey, "long", "Any wish?", {})
    Translation.objects.create(survey=survey, language="ar", question="ما مدى احتمال أن توصي بنا؟")
    versions.ensure(survey)
    return survey


def _question(survey: Survey, kind: str, prompt: str, labels: dict[str, str], **fields: object) -> Question:
    prompts = {"en": {"prompt": prompt, "options": labels, "low_label": "Bad", "high_label": "Good"}}
    place = survey.questions.count()
    return Question.objects.create(
        survey=survey, kind=kind, position=place, prompts=prompts, options=list(labels), **fields
    )


# --- People -------------------------------------------------------------------------------------------------------
def test_score_is_saved_as_soon_as_a_person_chooses_it_and_the_comment_comes_later(page: Page, live_server, complaints):
    invitation = InvitationFactory(survey__kind="nps")
    page.goto(f"{live_server.url}/s/{invitation.token}/")
    page.get_by_role("radio", name="9 out of 10").click()
    expect(page.get_by_role("status")).to_have_text(SAVED)
    assert stored() == [(9, "")]
    page.get_by_label("What is the main reason for your answer?").fill("Quick and kind")
    page.get_by_role("button", name="Send my answer").dblclick()
    page.get_by_role("heading", name="Thank you").wait_for()
    assert (stored(), complaints) == ([(9, "Quick and kind")], [])


def test_score_from_the_mail_is_saved_when_somebody_types_a_comment_and_leaves(page: Page, live_server):
    invitation = InvitationFactory(survey__kind="nps")
    page.goto(f"{live_server.url}/s/{invitation.token}/?r=3")
    page.get_by_label("What is the main reason for your answer?").press("S")
    expect(page.get_by_role("status")).to_have_text(SAVED)
    page.goto("about:blank")
    assert stored() == [(3, "")]


def test_keys_save_the_score_they_stop_at_and_none_on_the_way(page: Page, live_server):
    invitation = InvitationFactory(survey__kind="nps")
    page.goto(f"{live_server.url}/s/{invitation.token}/")
    page.get_by_role("radio", name="0 out of 10, Not at all likely").focus()
    for key in ("Space", *["ArrowRight"] * 8):
        page.keyboard.press(key)
    expect(page.get_by_role("status")).to_have_text(SAVED)
    assert (stored(), AnswerChange.objects.count()) == ([(8, "")], 0)


def test_second_thoughts_change_the_one_answer_and_history_is_kept(page: Page, live_server):
    invitation = InvitationFactory(survey__kind="nps")
    page.goto(f"{live_server.url}/s/{invitation.token}/")
    for score in (2, 9):
        page.get_by_role("radio", name=f"{score} out of 10").click()
        expect(page.get_by_role("status")).to_have_text(SAVED)
    page.get_by_role("button", name="Send my answer").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    page.go_back()
    expect(page.get_by_role("radio", name="9 out of 10")).to_be_checked()
    page.get_by_role("radio", name="8 out of 10").click()
    page.get_by_role("button", name="answer").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    assert stored() == [(8, "")]
    assert list(AnswerChange.objects.order_by("id").values_list("score", flat=True)) == [2, 9]


def test_two_tabs_are_one_answer(browser: Browser, live_server):
    invitation = InvitationFactory(survey__kind="nps")
    context = browser.new_context()
    first, second = context.new_page(), context.new_page()
    for page in (first, second):
        page.goto(f"{live_server.url}/s/{invitation.token}/")
    for page, score in ((first, 4), (second, 7)):
        page.get_by_role("radio", name=f"{score} out of 10").click()
        page.get_by_role("button", name="Send my answer").click()
        page.get_by_role("heading", name="Thank you").wait_for()
    assert (stored(), AnswerChange.objects.get().score) == ([(7, "")], 4)
    context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_way_back_to_the_public_form_leads_to_the_same_answer(browser: Browser, live_server, scripts):
    SurveyFactory(slug="shop", has_public_link=True)
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"{live_server.url}/p/shop/")
    for score in (4, 2):
        page.get_by_role("radio", name=f"{score} out of 5").click()
        page.get_by_role("button", name="Send my answer").click()
        page.get_by_role("heading", name="Thank you").wait_for()
        page.go_back()
        page.get_by_role("button", name="Send my answer").wait_for()
    assert (stored(), AnswerChange.objects.get().score) == ([(2, "")], 4)
    assert context.cookies() == []
    context.close()


# --- Robots -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("scripts", [True, False])
def test_scanner_that_opens_all_eleven_links_gives_no_score(browser: Browser, live_server, scripts):
    invitation = InvitationFactory(survey__kind="nps", sent_at="2026-03-02T10:00Z")
    context = browser.new_context(java_script_enabled=scripts, user_agent=PHONE)
    page = context.new_page()
    for score in range(11):
        page.goto(f"{live_server.url}/s/{invitation.token}/?r={score}")
    invitation.refresh_from_db()
    assert (stored(), invitation.is_answered, invitation.clicked_at) == ([], False, None)
    assert list(Click.objects.values_list("sign", flat=True)) == ["two_scores"] * 11
    context.close()


def test_events_that_a_script_makes_up_save_nothing(page: Page, live_server):
    invitation = InvitationFactory(survey__kind="nps")
    page.goto(f"{live_server.url}/s/{invitation.token}/?r=9")
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    page.evaluate(CLICK_EVERYTHING)
    page.wait_for_timeout(2500)
    assert (sent, stored()) == ([], [])
    page.get_by_role("radio", name="4 out of 10").click()
    expect(page.get_by_role("status")).to_have_text(SAVED)
    assert stored() == [(4, "")]


# --- Further questions and languages ------------------------------------------------------------------------------
def test_branches_show_at_once_and_are_sent_with_the_rest(page: Page, live_server, complaints):
    invitation = InvitationFactory(survey=branching())
    page.goto(f"{live_server.url}/s/{invitation.token}/")
    expect(page.get_by_role("group", name="What disappointed you?")).to_be_hidden()
    page.get_by_role("radio", name="10 out of 10").click()
    expect(page.get_by_role("group", name="What do you like?")).to_be_visible()
    page.get_by_role("radio", name="3 out of 10").click()
    expect(page.get_by_role("group", name="What do you like?")).to_be_hidden()
    page.get_by_role("radio", name="It took too long").check()
    expect(page.get_by_label("What else was it?")).to_be_hidden()
    page.get_by_role("radio", name="Something else").check()
    page.get_by_label("What else was it?").fill("The music")
    assert axe_violations(page) == []
    page.get_by_role("button", name="Send my answer").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    assert list(Reply.objects.order_by("question").values_list("text", "choices")) == [
        ("", ["other"]),
        ("The music", []),
    ]
    assert (stored(), complaints) == ([(3, "")], [])


def test_required_question_is_pointed_at_and_nothing_typed_is_lost(page: Page, live_server):
    invitation = InvitationFactory(survey=branching())
    page.goto(f"{live_server.url}/s/{invitation.token}/?r=1")
    page.get_by_label("What is the main reason for your answer?").fill("typed")
    page.get_by_role("button", name="Send my answer").click()
    page.get_by_role("alert").wait_for()
    assert page.evaluate("document.activeElement.id") == "errors"
    page.get_by_role("alert").get_by_role("link", name="Please answer this question.").click()
    assert page.get_by_label("What is the main reason for your answer?").input_value() == "typed"
    assert (axe_violations(page), stored()) == ([], [(1, "typed")])


@pytest.mark.parametrize("width", [320, 1280])
def test_without_scripts_the_thanks_ask_what_is_open(browser: Browser, live_server, width):
    invitation = InvitationFactory(survey=branching(thanks_url="https://example.org/"))
    context = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(f"{live_server.url}/s/{invitation.token}/?r=2")
    page.get_by_role("button", name="Send my answer").click()
    page.get_by_role("radio", name="Something else").check()
    page.get_by_role("button", name="Send").click()
    page.get_by_label("What else was it?").fill("The music")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("button", name="Send")).to_have_count(0)
    assert Reply.objects.filter(text="The music").count() == 1
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_page_from_right_to_left_fits_and_can_be_used_by_everybody(browser: Browser, live_server, width, scheme):
    invitation = InvitationFactory(survey=branching())
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{live_server.url}/s/{invitation.token}/?lang=ar&r=2")
    assert (sideways(page), axe_violations(page)) == (0, [])
    first, last = (page.locator(f"[name=score][value='{score}']").bounding_box() for score in (0, 5))
    assert first is not None
    assert last is not None
    assert first["x"] > last["x"]
    page.locator("form > button").click()
    page.locator(".errors").wait_for()
    assert (sideways(page), axe_violations(page)) == (0, [])
    context.close()


def test_page_of_every_language_can_be_used_by_everybody(page: Page, live_server):
    survey = branching()
    for language in ("de", "fr", "es"):
        Translation.objects.create(survey=survey, language=language, question="[Company]?")
    versions.ensure(survey)
    invitation = InvitationFactory(survey=survey)
    page.set_viewport_size({"width": 320, "height": 800})
    for language in ("en", "de", "fr", "es", "ar"):
        page.goto(f"{live_server.url}/s/{invitation.token}/?lang={language}&r=2")
        assert (page.locator("html").get_attribute("lang"), sideways(page)) == (language, 0)
        assert (language, axe_violations(page)) == (language, [])


def test_language_can_be_changed_without_losing_what_was_typed(page: Page, live_server):
    invitation = InvitationFactory(survey=branching())
    page.goto(f"{live_server.url}/s/{invitation.token}/")
    page.get_by_role("radio", name="3 out of 10").click()
    page.get_by_role("radio", name="It took too long").check()
    page.get_by_label("What is the main reason for your answer?").fill("typed")
    page.get_by_role("link", name="العربية").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("[name=score][value='3']")).to_be_checked()
    expect(page.locator("[value=slow]")).to_be_checked()
    expect(page.locator("#comment")).to_have_value("typed")


def test_public_form_in_another_language_is_the_same_answer(page: Page, live_server):
    survey = SurveyFactory(slug="shop", has_public_link=True)
    Translation.objects.create(survey=survey, language="de", question="Wie zufrieden?")
    versions.ensure(survey)
    page.goto(f"{live_server.url}/p/shop/")
    page.get_by_role("radio", name="4 out of 5").click()
    expect(page.locator("#saved")).not_to_be_empty()
    page.get_by_role("link", name="Deutsch").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.locator("#comment").fill("schnell")
    page.locator("#form button").click()
    page.wait_for_url("**/thanks/**")
    assert stored() == [(4, "schnell")]


def test_chosen_score_can_be_told_in_forced_colours(browser: Browser, live_server):
    context = browser.new_context(forced_colors="active")
    page = context.new_page()
    for look in ("numbers", "stars"):
        invitation = InvitationFactory(survey=SurveyFactory(look=look))
        page.goto(f"{live_server.url}/s/{invitation.token}/?r=3")
        looks = page.evaluate(
            "[2, 3].map(n => { const s = getComputedStyle(document.querySelector(`[name=score][value='${n}'] + span`));"
            " return s.borderTopColor + s.backgroundColor })"
        )
        assert looks[0] != looks[1]
    context.close()
