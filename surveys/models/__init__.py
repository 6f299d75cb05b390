"""Who was asked, what, and what they answered."""

from surveys.models.answer import Answer, AnswerChange, FactChange
from surveys.models.contact import Contact, Suppression
from surveys.models.survey import Invitation, Survey

__all__ = ["Answer", "AnswerChange", "Contact", "FactChange", "Invitation", "Suppression", "Survey"]
