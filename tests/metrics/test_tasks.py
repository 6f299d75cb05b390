import pytest
from django.conf import settings

from metrics import dirty, tasks
from metrics.models import DirtyDay
from metrics.queries import Question, figures
from surveys import answers
from surveys.answers import Given
from tests.factories import InvitationFactory, ServiceTargetFactory, SurveyFactory, TicketFactory
from tests.metrics.figures import day

pytestmark = pytest.mark.django_db


def one(code):
    return figures(Question(code=code)).points[0]


def test_every_sweep_of_the_scheduler_is_a_task_of_that_name():
    sweeps = (tasks.sweep_dirty, tasks.collect_survey_changes, tasks.mark_passing_time, tasks.sweep_rules)
    known = {task.name for task in sweeps}
    assert known <= {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}


def test_sweep_computes_what_is_dirty_and_may_run_twice():
    dirty.mark_tickets([TicketFactory().pk])
    tasks.sweep_dirty()
    tasks.sweep_dirty()
    assert one("ticket_volume").n == 1
    assert not DirtyDay.objects.exists()


def test_an_answer_counts_after_the_next_collection(time_machine):
    time_machine.move_to("2026-03-02T10:00Z")
    answers.record(InvitationFactory(survey=SurveyFactory()), Given(score=5))
    tasks.collect_survey_changes()
    assert (one("csat").value, one("survey_response_rate").value) == (100.0, 100.0)
    tasks.collect_survey_changes()
    assert one("csat").n == 1


def test_a_target_missed_meanwhile_counts_after_the_next_pass(time_machine):
    time_machine.move_to("2026-03-02T10:30Z", tick=False)
    ServiceTargetFactory(seconds=3600)
    dirty.mark_tickets([TicketFactory(created_at="2026-03-02T10:00Z").pk])
    tasks.recompute_everything()
    question = Question(code="resolution_within_target", start=day("2026-03-02"), end=day("2026-03-03"))
    assert figures(question).points[0].excluded == {"pending": 1}
    time_machine.move_to("2026-03-02T11:01Z", tick=False)
    tasks.mark_passing_time()
    tasks.sweep_dirty()
    assert (figures(question).points[0].part, figures(question).points[0].whole) == (0, 1)


def test_several_months_are_as_many_tasks_the_latest_first(monkeypatch):
    dirty.mark_tickets([TicketFactory(created_at=f"2026-0{month}-02T10:00Z").pk for month in (1, 2, 3)])
    sent = []
    monkeypatch.setattr(tasks.compute_month, "apply_async", lambda arguments, **_options: sent.append(arguments))
    tasks.sweep_dirty()
    assert sent == [("tickets", f"2026-0{month}-01") for month in (3, 2, 1)]
    assert one("ticket_volume").n == 0
    for arguments in [*sent, *sent]:
        tasks.compute_month(*arguments)
    assert one("ticket_volume").n == 3
    assert not DirtyDay.objects.exists()


def test_a_month_of_one_frame_leaves_the_others(monkeypatch):
    monkeypatch.setattr(tasks.compute_month, "apply_async", lambda *_arguments, **_options: None)
    dirty.mark(dirty.TICKETS, [day("2026-01-31"), day("2026-02-01")])
    dirty.mark(dirty.ANSWERS, [day("2026-02-01")])
    tasks.compute_month("tickets", "2026-02-01")
    assert list(DirtyDay.objects.order_by("day").values_list("frame", "day")) == [
        ("tickets", day("2026-01-31")),
        ("answers", day("2026-02-01")),
    ]
