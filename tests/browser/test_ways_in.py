"""Kiosk, widget, printed code and signed link as people meet them; and the pages on which they are made."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, expect

from surveys import links, signed_links, versions
from surveys.models import Answer, Entrance, Survey, Translation
from tests.browser.conftest import axe_violations, sideways
from tests.factories import EntranceFactory, SurveyFactory, UserFactory


@pytest.fixture
def survey() -> Survey:
    survey = SurveyFactory(slug="mine", question="How satisfied were you with [Company] today?")
    Translation.objects.create(survey=survey, language="ar", question="كم أنت راضٍ عن خدمتنا اليوم؟")
    versions.ensure(survey)
    return survey


def test_everybody_can_use_every_way_in(browser: Browser, live_server, survey):
    paths = []
    for letter, kind in (("k", "kiosk"), ("w", "widget"), ("c", "code")):
        token = EntranceFactory(survey=survey, kind=kind, origins=["https://shop.example.com"]).token
        paths += [f"/{letter}/{token}/{what}" for what in ("", "?lang=ar", "thanks/")]
    paths.append(f"/a/mine/?{signed_links.query(survey, {'ticket': '1'})}")
    for width, scheme in ((320, "light"), (1280, "dark")):
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        page = context.new_page()
        for path in paths:
            page.goto(f"{live_server.url}{path}")
            assert (path, sideways(page), axe_violations(page)) == (path, 0, [])
        context.close()


# --- Kiosk --------------------------------------------------------------------------------------------------------
@pytest.fixture
def kiosk(survey, live_server) -> str:
    return f"{live_server.url}/k/{EntranceFactory(survey=survey, kind='kiosk').token}/"


def answer(page: Page, score: str, comment: str) -> None:
    page.get_by_role("radio", name=score).check(force=True)
    page.get_by_role("textbox", name="What is the main reason").fill(comment)
    page.get_by_role("button", name="Send my answer").click()
    page.get_by_role("heading", name="Thank you").wait_for()


def test_kiosk_begins_anew_after_the_thanks_and_the_way_back_is_empty(page: Page, kiosk, complaints):
    page.clock.install()
    page.goto(kiosk)
    answer(page, "2 out of 5", "My name is Ada")
    page.clock.fast_forward(9_000)
    expect(page.get_by_role("radio", name="2 out of 5")).not_to_be_checked()
    assert page.url == kiosk
    for step in (page.go_back, page.go_forward):
        step()
        expect(page.get_by_role("button", name="Send my answer")).to_be_visible()
        assert (page.get_by_role("textbox").input_value(), page.locator(":checked").count()) == ("", 0)
    assert list(Answer.objects.values_list("score", "comment")) == [(2, "My name is Ada")]
    assert page.context.cookies() == []
    assert complaints == []


def test_kiosk_clears_a_form_that_was_left_alone_but_asks_first(page: Page, kiosk):
    page.clock.install()
    page.goto(kiosk)
    page.get_by_role("textbox").fill("Half a sen")
    page.clock.fast_forward(40_000)
    assert page.get_by_role("alert").is_hidden()
    page.clock.fast_forward(10_000)
    page.get_by_role("button", name="Go on").click()
    assert page.get_by_role("alert").is_hidden()
    assert page.get_by_role("textbox").input_value() == "Half a sen"
    page.clock.fast_forward(50_000)
    assert page.get_by_role("alert").is_visible()
    page.clock.fast_forward(15_000)
    expect(page.get_by_role("textbox")).to_have_value("")
    assert Answer.objects.count() == 0


def test_kiosk_that_nobody_touches_stays_and_one_without_network_keeps_its_page(page: Page, kiosk):
    page.clock.install()
    page.goto(kiosk)
    page.clock.fast_forward(120_000)
    assert page.get_by_role("alert").is_hidden()
    page.get_by_role("textbox").fill("Half a sen")
    page.context.set_offline(True)
    page.clock.fast_forward(61_000)
    expect(page.get_by_role("textbox")).to_have_value("")
    assert page.get_by_role("button", name="Send my answer").is_visible()
    page.context.set_offline(False)


def test_two_people_at_a_kiosk_are_two_and_one_who_changes_the_language_is_one(page: Page, kiosk):
    page.goto(kiosk)
    page.get_by_role("radio", name="4 out of 5").click(force=True)  # is saved at once
    expect(page.get_by_role("status")).not_to_be_empty(timeout=15_000)
    page.get_by_role("link", name="العربية").click()
    page.locator("html[dir=rtl]").wait_for()
    page.locator("[name=score][value='5']").check(force=True)
    page.locator("form button").click()
    # The thanks change their own address as soon as they are there, which would end a visit begun before.
    expect(page.locator("#form")).to_have_count(0)
    page.wait_for_load_state()
    page.goto(kiosk)
    answer(page, "1 out of 5", "")
    assert list(Answer.objects.order_by("id").values_list("score", flat=True)) == [5, 1]


def test_kiosk_without_script_begins_anew_by_the_clock(browser: Browser, kiosk):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{kiosk}thanks/")
    page.wait_for_url(kiosk, timeout=15_000)
    context.close()


# --- Widget -------------------------------------------------------------------------------------------------------
@pytest.fixture
def shop(survey, live_server) -> Iterator[int]:
    """A web page of somebody else, on its own port; it has the two names localhost and 127.0.0.1, so two origins."""
    token = EntranceFactory(survey=survey, kind="widget").token
    html = f"""<!doctype html><html lang="en"><title>Shop</title><h1>Your order</h1>
        <script src="{live_server.url}/widget.js" data-survey="{token}" async></script><p>Goodbye</p>"""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html.replace("async", self.path.strip("/?")).encode())

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Entrance.objects.update(origins=[f"http://127.0.0.1:{server.server_port}"])
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def test_widget_is_answered_on_the_page_that_may_show_it(page: Page, shop, complaints):
    page.goto(f"http://127.0.0.1:{shop}/")
    frame = page.frame_locator("iframe[title='Your opinion']")
    expect(page.locator("iframe")).to_be_visible()
    heights = page.locator("iframe").evaluate("frame => frame.clientHeight")
    frame.get_by_role("radio", name="4 out of 5").check(force=True)
    frame.get_by_role("button", name="Send my answer").click()
    frame.get_by_role("heading", name="Thank you").wait_for()
    page.wait_for_function("before => document.querySelector('iframe').clientHeight < before", arg=heights)
    assert list(Answer.objects.values_list("score", "origin")) == [(4, "widget")]
    assert page.context.cookies() == []
    assert complaints == []


def test_widget_is_not_shown_by_any_other_page(page: Page, shop):
    page.goto(f"http://localhost:{shop}/")
    page.wait_for_timeout(1500)
    assert page.locator("iframe").is_hidden()
    assert page.get_by_role("button").count() == 0
    assert "How satisfied" not in page.frames[-1].content()


def test_widget_that_was_closed_stays_away(page: Page, shop):
    page.goto(f"http://127.0.0.1:{shop}/")
    page.get_by_role("button", name="Close").click()
    assert page.locator("iframe").count() == 0
    page.reload()
    page.wait_for_timeout(500)
    assert page.locator("iframe").count() == 0


def test_widget_in_the_corner_covers_no_more_than_the_window(page: Page, shop):
    for height in (900, 300):
        page.set_viewport_size({"width": 360, "height": height})
        page.goto(f"http://127.0.0.1:{shop}/?data-place=corner")
        expect(page.locator("iframe")).to_be_visible()
        box = page.locator("iframe").bounding_box()
        assert box["x"] == 16
        assert box["y"] >= 16
        assert (box["x"] + box["width"], box["y"] + box["height"]) == (360 - 16, height - 16)


def test_widget_is_as_high_as_its_content_and_can_be_used_by_everybody(page: Page, shop):
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"http://127.0.0.1:{shop}/")
        expect(page.locator("iframe")).to_be_visible()
        inner = page.frames[-1]
        assert inner.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
        assert inner.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert (sideways(page), [one for one in axe_violations(page) if "iframe" in one]) == (0, [])
        box = page.get_by_role("button", name="Close").bounding_box()
        assert min(box["width"], box["height"]) >= 44


# --- Staff --------------------------------------------------------------------------------------------------------
@pytest.fixture
def staff(page: Page, live_server, client, survey) -> Page:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    session = client.cookies["plumbline_session"].value
    page.context.add_cookies([{"name": "plumbline_session", "value": session, "url": live_server.url}])
    return page


def test_pages_for_staff_fit_and_can_be_used_by_everybody(staff: Page, live_server, survey, complaints):
    Survey.objects.filter(pk=survey.pk).update(has_public_link=True)
    kinds = ("kiosk", "widget", "code")
    made = [EntranceFactory(survey=survey, kind=kind, origins=["https://shop.example.com"]).pk for kind in kinds]
    paths = [
        "",
        "links/",
        "links/?make=1",
        "new/widget/",
        "public/sheet/?per_page=8&language=ar",
        f"{made[1]}/preview/",
    ]
    for width in (320, 1280):
        staff.set_viewport_size({"width": width, "height": 800})
        for path in [*paths, *(f"{pk}/" for pk in made)]:
            staff.goto(f"{live_server.url}/surveys/mine/ways-in/{path}")
            assert (path, sideways(staff), axe_violations(staff)) == (path, 0, [])
    assert [one for one in complaints if "422" not in one] == []


@pytest.mark.parametrize("per_page", [1, 2, 4, 8])
def test_sheet_is_one_page_of_paper_and_loses_nothing(staff: Page, live_server, survey, per_page):
    Survey.objects.filter(pk=survey.pk).update(question="How satisfied were you with the service? " * 7)
    versions.ensure(Survey.objects.get(pk=survey.pk))
    code = EntranceFactory(survey=survey)
    staff.goto(f"{live_server.url}/surveys/mine/ways-in/{code.pk}/sheet/?per_page={per_page}")
    assert staff.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
    places = staff.locator(".place")
    assert places.count() == per_page
    assert places.evaluate_all("all => all.filter(one => one.scrollHeight > one.clientHeight + 1).length") == 0
    assert places.first.get_by_role("img").evaluate("img => img.naturalWidth") > 0
    assert links.entrance_url("code", code.token).split("//")[1] in places.first.inner_text().replace("\n", "")
