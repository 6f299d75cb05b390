"""The mail that asks, as a reader without pictures sees it: on a phone and on a desk, light and dark."""

import pytest
from playwright.sync_api import Browser, Page

from kpiproject.lib.tokens import new_token
from kpiproject.models import Organisation
from surveys import invitation_mail
from surveys.content import Content, Wording
from surveys.scales import Scale
from tests.browser.conftest import axe_violations, sideways

LONG = "Sehr sehr unwahrscheinlich, um es ganz genau zu sagen, ja"
ASKED = {
    "nps": (Scale(kind="nps", low=0, high=10), "numbers", "en"),
    "nps in Arabic": (Scale(kind="nps", low=0, high=10), "numbers", "ar"),
    "seven smileys": (Scale(kind="csat", low=1, high=7), "smileys", "fr"),
    "ten stars": (Scale(kind="csat", low=1, high=10), "stars", "es"),
    "thumbs": (Scale(kind="csat", low=0, high=1), "thumbs", "de"),
    "effort": (Scale(kind="ces", low=1, high=7, lower_is_better=True), "numbers", "en"),
    "employees": (Scale(kind="esat", low=1, high=5), "numbers", "en"),
}
# How many rows the buttons stand in on a phone; on a desk it is always one.
ROWS = {"nps": 2, "nps in Arabic": 2, "seven smileys": 2, "ten stars": 2, "thumbs": 1, "effort": 2, "employees": 1}
PLACES = "links => links.map(link => link.getBoundingClientRect()).map(box => [box.x, box.y, box.width, box.height])"
# A mail is shown inside of a page that has landmarks.
OF_PAGES = ("landmark-one-main", "region")


def html_of(name: str, *, is_reminder: bool) -> str:
    scale, look, language = ASKED[name]
    question = "ما مدى رضاك عن الخدمة؟" if language == "ar" else "How satisfied were you with [Company] today?"
    wording = Wording(question=question, low_label=LONG, high_label=LONG, mail_intro="Your case is closed.")
    content = Content(scale=scale, look=look, language=language, wordings={language: wording})
    house = Organisation(name="Fernweh & Söhne", postal_address="Hafenstraße 1\n20457 Hamburg")
    mail = invitation_mail.render(
        content, language, house, token=new_token(), name="Ada", is_reminder=is_reminder, is_about_contact=False
    )
    return str(mail["html"])


def buttons(page: Page) -> list[list[float]]:
    found: list[list[float]] = page.eval_on_selector_all("a.score", PLACES)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 375, 640])
@pytest.mark.parametrize("name", list(ASKED))
def test_mail_can_be_read_and_pressed(browser: Browser, name: str, width: int, scheme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 700}, color_scheme=scheme)
    page = context.new_page()
    page.set_content(html_of(name, is_reminder=width == 640))
    places = buttons(page)
    assert sideways(page) == 0
    assert min(width for _x, _y, width, _height in places) >= 44
    assert min(height for _x, _y, _width, height in places) >= 44
    assert len({y for _x, y, _width, _height in places}) == (1 if width == 640 else ROWS[name])
    assert [fault for fault in axe_violations(page) if not fault.startswith(OF_PAGES)] == []
    context.close()


@pytest.mark.parametrize(("name", "is_reversed"), [("nps", False), ("nps in Arabic", True)])
def test_scores_go_in_the_direction_of_the_language(page: Page, name: str, is_reversed: bool) -> None:
    page.set_viewport_size({"width": 375, "height": 700})
    page.set_content(html_of(name, is_reminder=False))
    first_row = [x for x, _y, _width, _height in buttons(page)][:6]
    assert first_row == sorted(first_row, reverse=is_reversed)
    columns = [x for x, _y, _width, _height in buttons(page)]
    assert [round(x) for x in columns[6:]] == [round(x) for x in columns[:5]]


def test_nobody_sees_or_reaches_the_trap(page: Page) -> None:
    page.set_content(html_of("nps", is_reminder=False))
    trap = page.locator("a[tabindex='-1']")
    assert (trap.count(), trap.is_visible()) == (1, False)
    assert "Only machines" not in page.inner_text("body")
    seen = set()
    for _press in range(30):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.getAttribute('href')"))
    assert trap.get_attribute("href") not in seen
    assert len([link for link in seen if link]) >= 13
