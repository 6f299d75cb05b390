"""Who was asked, what, and what they answered."""

from surveys.models.answer import Answer, AnswerChange, FactChange, Reply
from surveys.models.asking import Click, Entrance, Invitation, QuietTime, Skip
from surveys.models.bounce import BounceReport
from surveys.models.contact import Contact, Suppression
from surveys.models.erasure import Erasure
from surveys.models.follow_up import (
    FollowUp,
    FollowUpAnswer,
    FollowUpNote,
    FollowUpRoute,
    FollowUpRules,
    FollowUpTelling,
    Recovery,
)
from surveys.models.sending import Mailing, Reminder, SendingRule
from surveys.models.survey import Question, Survey, Translation, Version
from surveys.models.tally import Tally, TallyMark, TallyState

__all__ = [
    "Answer",
    "AnswerChange",
    "BounceReport",
    "Click",
    "Contact",
    "Entrance",
    "Erasure",
    "FactChange",
    "FollowUp",
    "FollowUpAnswer",
    "FollowUpNote",
    "FollowUpRoute",
    "FollowUpRules",
    "FollowUpTelling",
    "Invitation",
    "Mailing",
    "Question",
    "QuietTime",
    "Recovery",
    "Reminder",
    "Reply",
    "SendingRule",
    "Skip",
    "Suppression",
    "Survey",
    "Tally",
    "TallyMark",
    "TallyState",
    "Translation",
    "Version",
]
