"""Goals as a manager writes them down in the administration."""

from datetime import UTC, datetime

from goals.models import Objective
from tests.factories import ManagerFactory, ObjectiveFactory

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
ADD = "admin:goals_goal_add"
LIST = "admin:goals_goal_changelist"
OTHER = " Choose another target."


def values(**other):
    """A form as a manager would fill it in."""
    objective = Objective.objects.first() or ObjectiveFactory()
    return {
        "statement": "Nine of ten customers are satisfied",
        "objective": objective.pk,
        "owner": ManagerFactory().pk,
        "reviewer": ManagerFactory().pk,
        "state": "active",
        "kpi": "csat",
        "only_for": "",
        "grain": "week",
        "target": "90",
        "start": "2026-06-01",
        "due": "2026-12-27",
        "guardrail": "",
        "guardrail_limit": "",
        "target_high": "",
        "check_in_cadence": "weekly",
        "review_cadence": "monthly",
        "smart_note": "We take on a second shift in July.",
    } | other


def empty_inlines():
    names = ("target_changes", "status_changes")
    return {f"{name}-{part}_FORMS": "0" for name in names for part in ("TOTAL", "INITIAL")}


def errors(answer):
    assert answer.status_code == 200
    return {name: [str(error) for error in errors] for name, errors in answer.context["adminform"].errors.items()}


def told(answer):
    return [str(message) for message in answer.context["messages"]]
