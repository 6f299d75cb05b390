import pytest
from django.urls import reverse

from metrics.models import ServiceTarget
from tests.factories import ManagerFactory, ServiceTargetFactory, StaffFactory

pytestmark = pytest.mark.django_db
VALUES = {"name": "Chat", "metric": "resolution", "position": 1, "seconds": 60, "clock": "business", "is_active": "on"}


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


@pytest.mark.parametrize("seconds", ["0", "-5", "", "soon"])
def test_a_target_needs_a_time(client, seconds):
    client.force_login(ManagerFactory())
    answer = client.post(reverse("admin:metrics_servicetarget_add"), VALUES | {"seconds": seconds})
    assert answer.status_code == 200
    assert not ServiceTarget.objects.exists()


def test_targets_are_the_managers(client):
    client.force_login(StaffFactory())
    assert client.get(reverse("admin:metrics_servicetarget_changelist")).status_code in (302, 403)
