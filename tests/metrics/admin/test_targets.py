import pytest
from django.urls import reverse

from metrics.models import ServiceTarget
from tests.factories import ManagerFactory, ServiceTargetFactory, StaffFactory, TicketFactory
from tests.metrics.figures import compute

pytestmark = pytest.mark.django_db
VALUES = {
    "name": "Chat",
    "metric": "resolution",
    "position": 1,
    "seconds": "1 min",
    "clock": "business",
    "is_active": "on",
}


@pytest.fixture
def nudged(monkeypatch):
    """The names of the tasks that were sent to the queue."""
    found: list[str] = []
    monkeypatch.setattr("kpiproject.queue._send", lambda task, arguments: found.append(task.name))
    return found


def test_a_new_target_has_the_figures_computed_again(client, nudged, django_capture_on_commit_callbacks):
    client.force_login(ManagerFactory())
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("admin:metrics_servicetarget_add"), VALUES)
    assert answer.status_code == 302
    assert ServiceTarget.objects.get().seconds == 60
    assert nudged == ["metrics.recompute_everything"]


@pytest.mark.parametrize("action", ["change", "delete", "delete_selected"])
def test_a_changed_or_deleted_target_too(client, nudged, django_capture_on_commit_callbacks, action):
    client.force_login(ManagerFactory())
    target = ServiceTargetFactory()
    with django_capture_on_commit_callbacks(execute=True):
        if action == "delete_selected":
            values = {"action": action, "_selected_action": [target.pk], "post": "yes"}
            client.post(reverse("admin:metrics_servicetarget_changelist"), values)
        else:
            client.post(reverse(f"admin:metrics_servicetarget_{action}", args=[target.pk]), VALUES | {"post": "yes"})
    assert nudged == ["metrics.recompute_everything"]


@pytest.mark.parametrize("seconds", ["0", "-5", "", "soon", "60", "0 s", "4 hh", "2 d", "h", "9999999 h"])
def test_a_target_needs_a_time(client, seconds):
    client.force_login(ManagerFactory())
    answer = client.post(reverse("admin:metrics_servicetarget_add"), VALUES | {"seconds": seconds})
    assert answer.status_code == 200
    assert not ServiceTarget.objects.exists()


def test_targets_are_the_managers(client):
    client.force_login(StaffFactory())
    assert client.get(reverse("admin:metrics_servicetarget_changelist")).status_code in (302, 403)


@pytest.mark.parametrize(
    ("text", "seconds", "again"),
    [
        ("4 h", 14400, "4 h"),
        ("90 min", 5400, "1 h 30 min"),
        ("1h30min", 5400, "1 h 30 min"),
        ("2 D", 172800, "48 h"),
        ("1,5 h", 5400, "1 h 30 min"),
        ("61 s", 61, "1 min 1 s"),
    ],
)
def test_a_time_is_written_with_its_unit(client, text, seconds, again):
    client.force_login(ManagerFactory())
    client.post(reverse("admin:metrics_servicetarget_add"), VALUES | {"seconds": text, "clock": "calendar"})
    target = ServiceTarget.objects.get()
    assert target.seconds == seconds
    page = client.get(reverse("admin:metrics_servicetarget_change", args=[target.pk])).content.decode()
    assert f'value="{again}"' in page


def test_a_value_that_no_ticket_has_is_taken_with_a_warning(client):
    client.force_login(ManagerFactory())
    TicketFactory(channel="chat")
    compute()
    add = reverse("admin:metrics_servicetarget_add")
    assert '<datalist id="known-channel"><option value="chat"></option></datalist>' in client.get(add).content.decode()
    page = client.post(add, VALUES | {"channel": "chta"}, follow=True).content.decode()
    assert "No ticket has the channel “chta” so far" in page
    page = client.post(add, VALUES | {"channel": "chat"}, follow=True).content.decode()
    assert "No ticket has the channel" not in page
    assert ServiceTarget.objects.count() == 2
