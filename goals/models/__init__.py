"""Whether a figure is good, and who must know."""

from goals.models.action import Action, ActionReminder, Decision
from goals.models.alarm import Alarm, AlarmEvent, AlarmLeft, AlarmNotice
from goals.models.alert import Alert
from goals.models.alert_rule import AlertRule
from goals.models.calendar_feed import CalendarFeed
from goals.models.check_in import CheckIn
from goals.models.close_out import CloseOut
from goals.models.escalation import EscalationChain, EscalationStep
from goals.models.goal import Cadence, Goal, Objective, StatusChange, TargetChange
from goals.models.milestone import Milestone, MilestoneChange
from goals.models.prediction import Prediction
from goals.models.rebase import Rebase
from goals.models.recognition import Praise, SupportHint, Thanks
from goals.models.report import Delivery, Report, ReportItem, ReportLeft, ReportRun, Stakeholder
from goals.models.review import Reminder, Review

__all__ = [
    "Action",
    "ActionReminder",
    "Alarm",
    "AlarmEvent",
    "AlarmLeft",
    "AlarmNotice",
    "Alert",
    "AlertRule",
    "Cadence",
    "CalendarFeed",
    "CheckIn",
    "CloseOut",
    "Decision",
    "Delivery",
    "EscalationChain",
    "EscalationStep",
    "Goal",
    "Milestone",
    "MilestoneChange",
    "Objective",
    "Praise",
    "Prediction",
    "Rebase",
    "Reminder",
    "Report",
    "ReportItem",
    "ReportLeft",
    "ReportRun",
    "Review",
    "Stakeholder",
    "StatusChange",
    "SupportHint",
    "TargetChange",
    "Thanks",
]
