"""Whether a figure is good, and who must know."""

from goals.models.alert import Alert
from goals.models.goal import Cadence, Goal, Objective, StatusChange, TargetChange
from goals.models.report import Delivery, Report, ReportItem, ReportLeft, ReportRun, Stakeholder
from goals.models.review import Reminder, Review

__all__ = [
    "Alert",
    "Cadence",
    "Delivery",
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
