"""Messages to other systems: never into our own network, signed, and posted until they are taken."""

import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from typing import Any

import pytest
import time_machine
from django.db import transaction

from kpiproject import webhooks
from kpiproject.models import WebhookDelivery, WebhookTarget
from kpiproject.webhooks import RefusedError
from tests.alarm_factories import WebhookTargetFactory

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
State = WebhookDelivery.State


def resolve(monkeypatch: pytest.MonkeyPatch, *numbers: str) -> None:
    """Every name leads to these addresses."""

    real = socket.getaddrinfo

    def found(host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
        if host[0].isdigit():
            return real(host, port, *args, **kwargs)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port)) for number in numbers]

    monkeypatch.setattr(socket, "getaddrinfo", found)


# --- Which targets ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("number", "is_public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - to be refused
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.215.14", True),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),
        ("ff02::1", False),
    ],
)
def test_only_public_addresses(number: str, is_public: bool) -> None:
    assert webhooks.is_public(ip_address(number)) is is_public


@pytest.mark.parametrize("numbers", [["10.0.0.7"], ["93.184.215.14", "10.0.0.7"]])
def test_a_name_that_leads_into_a_private_network(monkeypatch: pytest.MonkeyPatch, numbers: list[str]) -> None:
    resolve(monkeypatch, *numbers)
    with pytest.raises(RefusedError) as error:
        webhooks.check("https://intranet.example.com/hook")
    assert str(error.value) == (
        "“intranet.example.com” leads to 10.0.0.7, an address inside of a private network. Only public addresses are "
        "possible, so that nobody reaches machines of yours through Plumbline."
    )


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://[::1]:8000/x", "http://169.254.169.254/latest", "http://0/"]
)
def test_numbers_are_looked_at_too(url: str) -> None:
    with pytest.raises(RefusedError, match=r"an address inside of a private network"):
        webhooks.check(url)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("ftp://example.com/", "The address must begin with https:// or http:// and name a host."),
        ("file:///etc/passwd", "The address must begin with https:// or http:// and name a host."),
        ("https:///path", "The address must begin with https:// or http:// and name a host."),
        ("https://me:secret@example.com/", "The address must not contain a user or a password."),
        ("https://example.com:99999/", "“https://example.com:99999/” is not an address."),
    ],
)
def test_what_is_no_target(url: str, sentence: str) -> None:
    with pytest.raises(RefusedError) as error:
        webhooks.check(url)
    assert str(error.value) == sentence


def test_a_name_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: Any, **_kwargs: Any) -> Any:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(RefusedError, match=r"^The name “nowhere\.example” cannot be found; check its spelling\.$"):
        webhooks.check("https://nowhere.example/")


# --- The outbox ---------------------------------------------------------------------------------------------------
class Receiver:
    """A server on this machine that keeps what it gets, and answers as told."""

    def __init__(self) -> None:
        self.status, self.got, self.location = 200, [], ""  # type: tuple[int, list[tuple[str, dict[str, str], bytes]], str]
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((self.path, dict(self.headers), body))
                self.send_response(receiver.status)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: Any) -> None:
                return None

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://hooks.example.com:{self.server.server_port}/alarms?to=me"


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """Reached under a public name; that its address is this machine's is overlooked."""
    found = Receiver()
    resolve(monkeypatch, "127.0.0.1")
    monkeypatch.setattr(webhooks, "is_public", lambda _address: True)
    yield found
    found.server.shutdown()
    found.server.server_close()


def put(target: WebhookTarget, key: str = "cause") -> WebhookDelivery:
    return webhooks.put(target, key=key, text="Hello <b>", data={"event": "fire"})


def deliver(delivery: WebhookDelivery) -> WebhookDelivery:
    webhooks.deliver(delivery.pk)
    delivery.refresh_from_db()
    return delivery


@pytest.mark.django_db
def test_one_cause_is_one_message() -> None:
    target = WebhookTargetFactory()
    assert put(target) == put(target)


@pytest.mark.django_db
def test_it_disappears_with_its_cause() -> None:
    with transaction.atomic():
        put(WebhookTargetFactory())
        transaction.set_rollback(True)
    assert WebhookDelivery.objects.count() == 0


@pytest.mark.django_db
def test_a_signed_message(receiver: Receiver) -> None:
    target = WebhookTargetFactory(url=receiver.url, secret="secret")
    with time_machine.travel(NOON, tick=False):
        delivery = deliver(put(target))
    [(path, headers, body)] = receiver.got
    assert (delivery.state, path, headers["Host"]) == (State.SENT, "/alarms?to=me", receiver.url.split("/")[2])
    assert json.loads(body) == {"text": "Hello <b>", "event": "fire"}
    assert headers["X-Plumbline-Signature"] == webhooks.signature("secret", body, NOON)
    assert webhooks.signature("other", body, NOON) != webhooks.signature("secret", body, NOON)


@pytest.mark.django_db
def test_a_chat_gets_a_text_that_calls_nobody(receiver: Receiver) -> None:
    deliver(put(WebhookTargetFactory(url=receiver.url, kind="slack")))
    [(_path, headers, body)] = receiver.got
    assert json.loads(body) == {"text": "Hello &lt;b&gt;"}
    assert "X-Plumbline-Signature" not in headers


@pytest.mark.django_db
def test_what_was_sent_is_not_sent_again(receiver: Receiver) -> None:
    delivery = put(WebhookTargetFactory(url=receiver.url))
    deliver(delivery)
    deliver(delivery)
    assert (len(receiver.got), webhooks.due_ids(10)) == (1, [])


@pytest.mark.django_db
def test_who_posts_it_has_it_alone(receiver: Receiver) -> None:
    delivery = put(WebhookTargetFactory(url=receiver.url))
    WebhookDelivery.objects.update(lease_until=NOON + timedelta(minutes=2), lease_token="theirs")
    with time_machine.travel(NOON, tick=False):
        assert webhooks.due_ids(10) == []
        deliver(delivery)
    assert receiver.got == []
    with time_machine.travel(NOON + timedelta(minutes=2), tick=False):
        WebhookDelivery.objects.update(next_attempt_at=NOON)
        assert webhooks.due_ids(10) == [delivery.pk]
        assert deliver(delivery).state == State.SENT


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "state", "sentence"),
    [
        (204, State.SENT, ""),
        (500, State.QUEUED, "It answered with status 500."),
        (429, State.QUEUED, "It answered with status 429."),
        (404, State.FAILED, "It answered with status 404."),
        (
            302,
            State.FAILED,
            "It answered with a redirect (302), which is not followed; enter the address it leads to.",
        ),
    ],
)
def test_answers(receiver: Receiver, status: int, state: str, sentence: str) -> None:
    receiver.status, receiver.location = status, receiver.url if status == 302 else ""
    delivery = deliver(put(WebhookTargetFactory(url=receiver.url)))
    assert (delivery.state, delivery.error, len(receiver.got)) == (state, sentence, 1)


@pytest.mark.django_db
def test_tried_again_and_given_up_in_the_end(receiver: Receiver) -> None:
    receiver.status = 503
    delivery, waits = put(WebhookTargetFactory(url=receiver.url)), []
    now = datetime.now(UTC)
    for _attempt in range(6):
        with time_machine.travel(now, tick=False):
            deliver(delivery)
        waits.append((delivery.next_attempt_at - now) / timedelta(minutes=1))
        now = max(now, delivery.next_attempt_at)
    assert (waits, delivery.state) == ([1, 5, 30, 120, 360, 0], State.FAILED)
    webhooks.resend(delivery)
    receiver.status = 200
    with time_machine.travel(now + timedelta(days=1), tick=False):
        assert deliver(delivery).state == State.SENT
    with pytest.raises(ValueError, match=r"^Only a message that failed can be sent again\.$"):
        webhooks.resend(delivery)


@pytest.mark.django_db
def test_nobody_is_there(receiver: Receiver) -> None:
    receiver.server.shutdown()
    receiver.server.server_close()
    delivery = deliver(put(WebhookTargetFactory(url=receiver.url)))
    assert (delivery.state, delivery.error.startswith("It could not be reached: ")) == (State.QUEUED, True)


@pytest.mark.django_db
def test_a_name_that_leads_somewhere_private_by_now(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Checked again right before the post, whatever it was when it was saved."""
    delivery = put(WebhookTargetFactory(url=receiver.url))
    monkeypatch.setattr(webhooks, "is_public", lambda address: address.is_global)
    deliver(delivery)
    assert (delivery.state, receiver.got) == (State.FAILED, [])
    assert "an address inside of a private network" in delivery.error


@pytest.mark.django_db
def test_the_connection_goes_to_the_address_that_was_checked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    real = socket.getaddrinfo

    def count(host: str, *args: Any, **kwargs: Any) -> Any:
        asked.append(host)
        return real(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", count)
    deliver(put(WebhookTargetFactory(url=receiver.url)))
    assert [host for host in asked if host == "hooks.example.com"] == ["hooks.example.com"]


@pytest.mark.django_db
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_into_a_private_network_is_not_followed(receiver: Receiver, status: int) -> None:
    """Whatever method it would keep: the message ends there, and says what to enter."""
    receiver.status, receiver.location = status, f"http://127.0.0.1:{receiver.server.server_port}/admin/"
    delivery = deliver(put(WebhookTargetFactory(url=receiver.url)))
    assert (delivery.state, [path for path, _headers, _body in receiver.got]) == (State.FAILED, ["/alarms?to=me"])


@pytest.mark.django_db
def test_a_target_that_was_switched_off(receiver: Receiver) -> None:
    delivery = put(WebhookTargetFactory(url=receiver.url, is_active=False))
    assert (deliver(delivery).state, delivery.error) == (State.FAILED, "This webhook is switched off.")


@pytest.mark.django_db
def test_old_messages_are_emptied_but_not_those_that_wait() -> None:
    target = WebhookTargetFactory()
    sent, waiting = put(target, "sent"), put(target, "waiting")
    WebhookDelivery.objects.filter(pk=sent.pk).update(state=State.SENT)
    assert webhooks.purge(datetime.now(UTC) + timedelta(days=1)) == 1
    sent.refresh_from_db()
    waiting.refresh_from_db()
    assert (sent.payload, bool(waiting.payload)) == ({}, True)
