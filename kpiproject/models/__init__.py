"""What the ground floor stores."""

from kpiproject.models.attempts import Attempts
from kpiproject.models.calendar import BusinessCalendar, Holiday
from kpiproject.models.mail import Heartbeat, Mail, MailFile
from kpiproject.models.organisation import Agent, Organisation, Team
from kpiproject.models.reset import PasswordResetRequest
from kpiproject.models.user import User

__all__ = [
    "Agent",
    "Attempts",
    "BusinessCalendar",
    "Heartbeat",
    "Holiday",
    "Mail",
    "MailFile",
    "Organisation",
    "PasswordResetRequest",
    "Team",
    "User",
]
