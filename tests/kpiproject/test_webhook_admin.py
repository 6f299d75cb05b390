"""Webhooks in the administration."""

import socket
from typing import Any

import pytest
from django.test import Client

from kpiproject import webhooks
from kpiproject.models import WebhookDelivery, WebhookTarget
from tests.alarm_factories import WebhookTargetFactory
from tests.factories import ManagerFactory, StaffFactory

pytestmark = pytest.mark.django_db
ADD = "/admin/kpiproject/webhooktarget/add/"


@pytest.fixture(autouse=True)
def _manager(client: Client) -> None:
    client.force_login(ManagerFactory())


def resolve(monkeypatch: pytest.MonkeyPatch, number: str) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", (number, 443))])


def values(**other: object) -> dict[str, object]:
    return {"name": "Chat", "kind": "slack", "url": "https://hooks.example.com/x", "is_active": "on"} | other


def test_a_target_on_a_private_address_is_refused(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve(monkeypatch, "192.168.1.7")
    answer = client.post(ADD, values())
    assert (answer.status_code, WebhookTarget.objects.count()) == (200, 0)
    assert answer.context["adminform"].errors["url"] == [
        (
            "“hooks.example.com” leads to 192.168.1.7, an address inside of a private network. Only public addresses "
            "are possible, so that nobody reaches machines of yours through Plumbline."
        )
    ]


def test_a_public_one_is_taken(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve(monkeypatch, "93.184.215.14")
    client.post(ADD, values(kind="signed"))
    target = WebhookTarget.objects.get()
    page = client.get(f"/admin/kpiproject/webhooktarget/{target.pk}/change/").content.decode()
    assert (len(target.secret), target.secret in page) == (22, True)


def test_the_rest_can_be_changed_without_a_network(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    target = WebhookTargetFactory(kind="slack", url="https://hooks.example.com/x")

    def away(*_args: Any, **_kwargs: Any) -> Any:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", away)
    assert client.post(f"/admin/kpiproject/webhooktarget/{target.pk}/change/", values(name="Other")).status_code == 302
    target.refresh_from_db()
    assert target.name == "Other"


def test_a_test_message(client: Client) -> None:
    target = WebhookTargetFactory()
    chosen = {"action": "send_test", "_selected_action": [target.pk]}
    answer = client.post("/admin/kpiproject/webhooktarget/", chosen, follow=True)
    assert "The test is on its way" in answer.content.decode()
    assert WebhookDelivery.objects.get().payload["event"] == "test"


def test_a_failed_message_can_be_sent_again(client: Client) -> None:
    delivery = webhooks.put(WebhookTargetFactory(), key="cause", text="Hello", data={})
    chosen = {"action": "send_again", "_selected_action": [delivery.pk]}
    page = client.post("/admin/kpiproject/webhookdelivery/", chosen, follow=True).content.decode()
    assert "Only a message that failed can be sent again." in page
    WebhookDelivery.objects.update(state="failed")
    page = client.post("/admin/kpiproject/webhookdelivery/", chosen, follow=True).content.decode()
    assert "1 message is on its way again." in page
    delivery.refresh_from_db()
    assert delivery.state == "queued"


def test_staff_may_not(client: Client) -> None:
    client.force_login(StaffFactory())
    assert client.get(ADD).status_code == 403
