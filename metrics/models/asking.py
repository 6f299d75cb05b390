from typing import ClassVar

from django.db import models

from metrics.models.facts import Ticket
from surveys.models import SendingRule


class AskedTicket(models.Model):
    """A solve that a sending rule has dealt with: its customer was asked about it, or skipped with a reason.

    Tickets come with imports, in any order and late; so what is new is what has no row here.
    """

    rule = models.ForeignKey(SendingRule, models.CASCADE, related_name="+", db_index=False)
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    solved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rule", "ticket", "solved_at"], name="asked_ticket_once")
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.ticket_id}"
