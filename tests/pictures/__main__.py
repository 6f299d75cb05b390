"""`make pictures`: build the demonstration company anew, walk through it in Chromium and write docs/pictures/*.png."""

import re
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.bench.report import say
from tests.pictures import png
from tests.pictures.running import ROOT, Demo, demonstration

FOLDER = ROOT / "docs" / "pictures"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WIDE, PHONE, MAIL = 1280, 390, 640
TALLEST = 1500
PATIENCE = 120
UNHAPPY = "I had to explain everything three times, and the watch still does not sync."


class Walk:
    """One person in one window. Pictures are cut where they would be taller than people scroll."""

    def __init__(
        self, browser: Browser, demo: Demo, role: str = "", *, width: int = WIDE, scheme: str = "light"
    ) -> None:
        self.demo = demo
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": 844 if width == PHONE else 900},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        self.page: Page = self.context.new_page()
        if role:
            self._log_in(demo.email(role))

    def _log_in(self, email: str) -> None:
        self.open("/accounts/login/")
        self.page.fill("input[name=username]", email)
        self.page.fill("input[name=password]", self.demo.logins[email])
        self.page.click("button[type=submit]")
        self.page.wait_for_load_state()

    def open(self, path: str) -> Page:
        answer = self.page.goto(path if path.startswith("http") else self.demo.base + path)
        if answer is None or answer.status >= 400:
            msg = f"{path} answered {answer.status if answer else 'nothing'}."
            raise RuntimeError(msg)
        return self.page

    def take(self, name: str, *, tallest: int = TALLEST) -> None:
        self.page.wait_for_timeout(900)  # charts are drawn after the page is there
        size = self.page.viewport_size or {"width": WIDE, "height": 900}
        tall = min(tallest, self.page.evaluate("document.documentElement.scrollHeight"))
        clip = {"x": 0, "y": 0, "width": size["width"], "height": tall}
        keep(name, self.page.screenshot(full_page=True, clip=clip))


def keep(name: str, picture: bytes) -> None:
    found = png.small(picture)
    (FOLDER / f"{name}.png").write_bytes(found)
    say(f"{name:<16} {len(found) / 1024:>6.0f} kB")


def walk(browser: Browser, demo: Demo) -> None:
    manager = Walk(browser, demo, "manager")
    _customer(browser, demo, manager)
    for name, path, tallest in (
        ("home", "/", 1250),
        ("kpi", "/kpis/first_response_time/?period=90d", 1250),
        ("goals", "/goals/", 1300),
        ("reviews", "/reviews/", 1000),
        ("manual", "/manual/service-levels/", 1250),
        ("manual-changes", "/manual/editions/2/changes/", 1100),
        ("administration", "/admin/", 1250),
    ):
        manager.open(path)
        manager.take(name, tallest=tallest)
    manager.open("/goals/")
    manager.page.get_by_role("link", name="of customers are satisfied").first.click()
    manager.take("goal", tallest=1400)
    _set_goal(manager)
    _printed(manager)
    staff = Walk(browser, demo, "staff", scheme="dark")
    staff.open("/")
    staff.take("home-staff", tallest=1000)
    _stakeholder(browser, demo, manager)


def _customer(browser: Browser, demo: Demo, manager: Walk) -> None:
    """Reads the mail, and answers on a phone; the manager's mailbox shows what both are sent."""
    phone = Walk(browser, demo, width=PHONE)
    letter = Walk(browser, demo, "manager", width=MAIL)
    _letter(letter, "One question from", "How satisfied were you")
    letter.take("survey-mail", tallest=600)
    link = letter.page.locator("a[href*='?r=2']").first.get_attribute("href") or ""
    phone.open(link)
    phone.page.fill("textarea", UNHAPPY)
    phone.take("survey-page")
    phone.page.get_by_role("button", name="Send").click()
    phone.page.wait_for_url("**/thanks/")
    _letter(letter, "Weekly report", "Weekly report")
    letter.take("report-mail", tallest=1300)
    _letter(letter, "Unhappy", UNHAPPY[:30])
    letter.take("alert-mail", tallest=640)


def _letter(walk: Walk, subject: str, says: str) -> None:
    """A mail as it was sent; the worker may still be at it."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for address in _addresses(walk, subject):
            if says in walk.open(f"{address}html/").content():
                return
        time.sleep(2)
    msg = f"There is no mail “{subject} …” with “{says}” in the mailbox."
    raise RuntimeError(msg)


def _addresses(walk: Walk, subject: str) -> list[str]:
    """Of the letters whose subject begins so, the newest first."""
    found = []
    for number in (1, 2):
        page = walk.open(f"/mailbox/?page={number}")
        links = page.locator("tbody th a", has_text=subject).all()
        found += [link.get_attribute("href") or "" for link in links]
    return found


def _set_goal(manager: Walk) -> None:
    """A draft; the baseline is measured when it is saved."""
    page = manager.open("/admin/goals/goal/add/")
    page.fill("[name=statement]", "Nine of ten customers who chat with us are satisfied")
    page.select_option("[name=objective]", index=1)
    page.select_option("[name=kpi]", "csat")
    page.select_option("[name=only_for]", label="chat")
    page.fill("[name=target]", "90")
    today = date.today()  # noqa: DTZ011 (any day will do)
    page.fill("[name=due]", f"{today + timedelta(weeks=26, days=6 - today.weekday()):%Y-%m-%d}")  # a Sunday
    page.select_option("[name=reviewer]", index=1)
    page.select_option("[name=review_cadence]", "monthly")
    page.click("input[name=_continue]")
    page.wait_for_load_state()
    manager.take("goal-form", tallest=1500)


def _printed(manager: Walk) -> None:
    """A page of the printed manual, drawn by Poppler where it is installed."""
    pages = shutil.which("pdftoppm")
    if pages is None:
        say("pdftoppm (poppler-utils) is not installed, so manual-pdf.png stays as it is.")
        return
    printed = _fetched(manager, "/manual/editions/2/plumbline-manual-2.pdf")
    with tempfile.TemporaryDirectory(prefix="plumbline-page-") as folder:
        command = [pages, "-png", "-r", "80", "-f", "9", "-l", "9", "-", f"{folder}/page"]
        subprocess.run(command, input=printed, check=True)
        keep("manual-pdf", next(Path(folder).glob("*.png")).read_bytes())


def _fetched(manager: Walk, path: str) -> bytes:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        answer = manager.context.request.get(manager.demo.base + path)
        if answer.headers.get("content-type", "").startswith("application/pdf"):
            return answer.body()
        time.sleep(2)
    msg = f"{path} was not printed within two minutes."
    raise RuntimeError(msg)


def _stakeholder(browser: Browser, demo: Demo, manager: Walk) -> None:
    """Opens the link that the manager has sent, on a phone."""
    manager.open("/manual/shares/")
    manager.page.get_by_role("link", name="Show the link for Ute Brandt").click()
    link = manager.page.locator("input#link").input_value()
    found = re.search(r"/share/[^/]+/", link)
    phone = Walk(browser, demo, width=PHONE)
    phone.open(found.group() if found else link)
    phone.take("manual-shared", tallest=1000)


def main() -> int:
    if CHROMIUM is None:
        say("The pictures are taken with Chromium, which is not installed; on Debian: apt install chromium.")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="plumbline-pictures-") as folder, sync_playwright() as playwright:
        say("Building the demonstration company …")
        with demonstration(Path(folder)) as demo:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            walk(browser, demo)
            browser.close()
    total = sum(file.stat().st_size for file in FOLDER.glob("*.png")) / 1024
    say(f"{'together':<16} {total:>6.0f} kB in {FOLDER.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
