"""What the ground floor stores."""

from kpiproject.models.attempts import Attempts
from kpiproject.models.calendar import BusinessCalendar, CalendarUse, EarlierHours, Holiday, SpecialDay
from kpiproject.models.mail import DomainTurn, Heartbeat, Mail, MailFile
from kpiproject.models.organisation import Agent, Organisation, Team
from kpiproject.models.reset import PasswordResetRequest
from kpiproject.models.user import User
from kpiproject.models.webhook import WebhookDelivery, WebhookTarget

__all__ = [
    "Agent",
    "Attempts",
    "BusinessCalendar",
    "CalendarUse",
    "DomainTurn",
    "EarlierHours",
    "Heartbeat",
    "Holiday",
    "Mail",
    "MailFile",
    "Organisation",
    "PasswordResetRequest",
    "SpecialDay",
    "Team",
    "User",
    "WebhookDelivery",
    "WebhookTarget",
]
