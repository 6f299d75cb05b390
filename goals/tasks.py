"""What the worker does for goals, reports, reviews and alerts. Every task may run twice without harm."""

from celery import shared_task
from django.utils import timezone

from goals import action_reminders, alerts, check_in_reminders, evaluation, queries, reports, reviews, support
from goals.alarms import telling, watch
from kpiproject.queue import nudge
from kpiproject.tasks import sweep_mail, sweep_webhooks

_SWEEP_SECONDS = 60
_TOGETHER = 25


@shared_task(name="goals.sweep_goals")
def sweep_goals() -> None:
    """Have every active goal judged again whose time has come, those about the same KPI together."""
    for goal_ids in queries.alike(evaluation.due_ids(timezone.now()), most=_TOGETHER):
        evaluate_goals.apply_async((goal_ids,), expires=_SWEEP_SECONDS)


@shared_task(name="goals.evaluate_goals")
def evaluate_goals(goal_ids: list[int]) -> None:
    """What they share is read once. If one breaks the task, the next sweep finds those that are left."""
    for goal_id in goal_ids:
        evaluation.evaluate_due(goal_id)


@shared_task(name="goals.evaluate_goal")
def evaluate_goal(goal_id: int) -> None:
    evaluation.evaluate_due(goal_id)


@shared_task(name="goals.sweep_reports")
def sweep_reports() -> None:
    """Have every report written whose time has come."""
    reports.follow_organisation(timezone.now())
    for report_id in reports.due_ids(timezone.now()):
        produce_report.apply_async((report_id,), expires=_SWEEP_SECONDS)


@shared_task(name="goals.produce_report")
def produce_report(report_id: int) -> None:
    reports.produce_due(report_id)
    nudge(sweep_mail)


@shared_task(name="goals.remind_of_reviews")
def remind_of_reviews() -> None:
    """Of reviews, of what was agreed in them, and of check-ins."""
    now = timezone.now()
    if reviews.remind(now) + action_reminders.remind(now) + check_in_reminders.remind(now):
        nudge(sweep_mail)


@shared_task(name="goals.escalate_follow_ups")
def escalate_follow_ups() -> None:
    """Tell managers of unhappy customers whom nobody takes care of."""
    if alerts.escalate(timezone.now()):
        nudge(sweep_mail)


@shared_task(name="goals.look_after_people")
def look_after_people() -> None:
    """Tell managers who had a hard day, and once a week whom nobody has thanked for long."""
    now = timezone.now()
    hints, reminders = support.notice(now), support.remind_of_gaps(now)
    if hints or reminders:
        nudge(sweep_mail)


@shared_task(name="goals.watch")
def watch_rules() -> None:
    """Check the alert rules whose time has come, and tell people what is new for them."""
    watch.check_due(timezone.now())
    tell_of_alarms()


@shared_task(name="goals.tell_of_alarms")
def tell_of_alarms() -> None:
    if telling.tell(timezone.now()):
        nudge(sweep_mail)
        nudge(sweep_webhooks)
