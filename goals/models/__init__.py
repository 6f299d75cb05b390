"""Whether a figure is good, and who must know."""

from goals.models.alert import Alert
from goals.models.alert_rule import (
    Alarm,
    AlarmEvent,
    AlarmNotice,
    AlertRule,
    EscalationChain,
    EscalationStep,
)
from goals.models.goal import Goal, Objective, StatusChange, TargetChange
from goals.models.report import Delivery, Report, ReportItem, ReportLeft, ReportRun, Stakeholder
from goals.models.review import Reminder, Review

__all__ = [
    "Alarm",
    "AlarmEvent",
    "AlarmNotice",
    "Alert",
    "AlertRule",
    "Delivery",
    "EscalationChain",
    "EscalationStep",
    "Goal",
    "Objective",
    "Reminder",
    "Report",
    "ReportItem",
    "ReportLeft",
    "ReportRun",
    "Review",
    "Stakeholder",
    "StatusChange",
    "TargetChange",
]
