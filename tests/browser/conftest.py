"""Chromium for the browser tests. Where it is absent they are skipped by name, except in CI."""

import os
import shutil
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# Playwright's synchronous interface runs an event loop, in which Django refuses database calls.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    absent = pytest.mark.skip(reason="Chromium is not installed")
    for item in items:
        if "browser" not in item.path.parts:
            continue
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.django_db(transaction=True))
        if not CHROMIUM and not os.environ.get("REQUIRE_BROWSER"):
            item.add_marker(absent)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": CHROMIUM, "args": ["--no-sandbox", "--disable-gpu"]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Without transitions: a colour half way between two schemes would be measured as too little contrast."""
    return {**browser_context_args, "reduced_motion": "reduce"}


@pytest.fixture(scope="session", autouse=True)
def _last_requests(django_db_setup: None, browser: Browser) -> None:
    """Those of the browser may end after the live server has taken back that it shares this connection: the one of
    Playwright's loop, which brings a context with connections of its own."""
    connection.inc_thread_sharing()


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complains about while a page is shown: errors in the console, refused by the policy."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def axe_violations(page: Page) -> list[str]:
    """What WCAG 2.2 AA forbids on this page, a line each."""
    options = {
        "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        "resultTypes": ["violations"],  # to name each element that has no fault takes half of the time on long pages
    }
    results = Axe().run(page, options=options)
    return [
        f"{violation['id']}: {node['html']}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
