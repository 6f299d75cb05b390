import io
import logging
import re
from collections.abc import Iterable, Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from kpiproject import people
from kpiproject.logs import TokensCut, without_tokens
from kpiproject.roles import STAFF

TOKEN = "Zk3rV9w_Qp-7LmN2xYt5Bg"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the installation's own handler writes."""
    handler = next(each for each in logging.getLogger().handlers if each.get_name() == "stderr")
    assert isinstance(handler, logging.StreamHandler)
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    if before is not None:
        handler.setStream(before)


@pytest.mark.parametrize(
    ("line", "cut"),
    [
        (f"Not Found: /s/{TOKEN}/", "Not Found: /s/Zk3r…/"),
        (f"Not Found: /s/{TOKEN}/thanks/", "Not Found: /s/Zk3r…/thanks/"),
        (f"Gone: /u/{TOKEN}", "Gone: /u/Zk3r…"),
        (f"Gone: /reports/unsubscribe/WzEsMl0:{TOKEN}/", "Gone: /reports/unsubscribe/WzEs…/"),
        (f"Gone: /alerts/unsubscribe/MTIzNDU:{TOKEN}/", "Gone: /alerts/unsubscribe/MTIz…/"),
        (f"Gone: /thanks/praise/mail/MQ:1xY6dU:{TOKEN}/", "Gone: /thanks/praise/mail/MQ:1…/"),
        (f"Gone: /share/{TOKEN}/plumbline-manual.pdf", "Gone: /share/Zk3r…/plumbline-manual.pdf"),
        (f"Gone: /share/{TOKEN}/pictures/0123456789abcdef", "Gone: /share/Zk3r…/pictures/0123456789abcdef"),
        (f"Gone: /follow/confirm/WzEsMl0:{TOKEN}/", "Gone: /follow/confirm/WzEs…/"),
        (f"Not Found: /follow/leave/MQ:1u:{TOKEN}/", "Not Found: /follow/leave/MQ:1…/"),
        (f"Gone: /accounts/invitation/WzEsIjI:1u:{TOKEN}/", "Gone: /accounts/invitation/WzEs…/"),
        ("Not Found: /accounts/password/reset/MQ/d4x-0a1b2c/", "Not Found: /accounts/password/reset/MQ/d4x-…/"),
        (f'"POST /s/{TOKEN}/?score=5 HTTP/1.1" 422', '"POST /s/Zk3r…/?score=5 HTTP/1.1" 422'),
        (f"Gone: /k/{TOKEN}/", "Gone: /k/Zk3r…/"),
        (
            f'"GET /a/csat/?s={TOKEN}&ticket=12345678 HTTP/1.1" 404',
            '"GET /a/csat/?s=Zk3r…&ticket=12345678 HTTP/1.1" 404',
        ),
        (f"Gone: /p/shop/thanks/?lang=de&form={TOKEN}&r=2", "Gone: /p/shop/thanks/?lang=de&form=Zk3r…&r=2"),
        ("Not Found: /surveys/after-service/", "Not Found: /surveys/after-service/"),
        ("Not Found: /accounts/password/reset/sent/", "Not Found: /accounts/password/reset/sent/"),
        ("Not Found: /p/after-service/", "Not Found: /p/after-service/"),
        ("Forbidden: /manual/shares/12/revoke/", "Forbidden: /manual/shares/12/revoke/"),
    ],
)
def test_only_tokens_are_cut(line: str, cut: str) -> None:
    assert without_tokens(line) == cut


def _routes(patterns: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield route


def test_every_address_with_a_token_is_cut() -> None:
    routes = [route for route in _routes(get_resolver().url_patterns) if "token>" in route]
    assert len(routes) >= 8
    for route in routes:
        address = "/" + re.sub(r"<[^<>]*>", "MQ", re.sub(r"<(\w+:)?token>", TOKEN, route))
        assert TOKEN in address
        assert TOKEN not in without_tokens(f"Not Found: {address}"), route


def test_tokens_in_arguments_are_cut_and_percent_signs_survive() -> None:
    record = logging.LogRecord("x", logging.WARNING, "", 0, "%s 100%%: %s", ("Forbidden", f"/s/{TOKEN}/"), None)
    assert TokensCut().filter(record)
    assert record.getMessage() == "Forbidden 100%: /s/Zk3r…/"


def test_arguments_that_do_not_fit_are_left_to_the_handler() -> None:
    record = logging.LogRecord("x", logging.WARNING, "", 0, "%s %s", ("one",), None)
    assert TokensCut().filter(record)
    assert record.args == ("one",)


@pytest.mark.django_db
def test_refused_form_behind_a_personal_link_does_not_write_the_link(client: Client, log: io.StringIO) -> None:
    token = people.invitation_token(people.invite_person("new@example.org", role=STAFF, by=None))

    response = client.post(f"/accounts/invitation/{token}/", {"name": "Nora", "password": "short"})

    assert response.status_code == 422
    assert f"Unprocessable Entity: /accounts/invitation/{token[:4]}…/" in log.getvalue()
    assert token not in log.getvalue()


def test_no_other_handler_writes_what_django_logs() -> None:
    own = {name: logging.getLogger(name).handlers for name in ("django", "django.server", "django.request")}
    assert own == {"django": [], "django.server": [], "django.request": []}
