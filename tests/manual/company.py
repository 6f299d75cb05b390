"""An organisation of which every chapter of the manual has something to say."""

from datetime import date, timedelta

from goals.models import EscalationChain
from kpiproject.models import Organisation
from metrics import targets
from metrics.models import Ticket
from tests.alarm_factories import AlertRuleFactory
from tests.factories import (
    AgentFactory,
    AnswerFactory,
    CalendarFactory,
    GoalFactory,
    InvitationFactory,
    ManagerFactory,
    ReportFactory,
    ReviewFactory,
    ServiceTargetFactory,
    SurveyFactory,
    TeamFactory,
    TicketFactory,
)
from tests.manual.chapters.built import AS_OF
from tests.metrics.figures import compute


def found() -> None:
    Organisation.objects.create(pk=1, name="Fernweh & <Söhne>", time_zone="Europe/Berlin")
    CalendarFactory(name="Shop").holidays.create(date=date(2026, 12, 25), name="Christmas Day")
    AgentFactory(team=TeamFactory(name="First line"))
    survey = SurveyFactory(slug="happy", owner=ManagerFactory())
    ServiceTargetFactory(priority="high")
    ServiceTargetFactory(metric="first_response", channel="chat")
    for number in range(60):
        day = AS_OF - timedelta(days=20 + number)
        TicketFactory(
            created_at=day,
            first_agent_reply_at=day + timedelta(minutes=number),
            first_solved_at=day + timedelta(hours=number % 5),
            solved_at=day + timedelta(hours=number % 5),
            channel="chat",
            priority="high" if number % 2 else "low",
            is_spam=number == 7,
        )
        invitation = InvitationFactory(survey=survey, created_at=day)
        AnswerFactory(survey=survey, invitation=invitation, score=1 + number % 5, answered_at=day)
    GoalFactory(created_at=AS_OF - timedelta(days=9))
    ReportFactory(people=[ManagerFactory()])
    ReviewFactory(on=date(2026, 7, 1))
    chain = EscalationChain.objects.create(name="First the owner")
    chain.steps.create(role="owner")
    AlertRuleFactory(chain=chain, created_at=AS_OF)
    targets.apply(list(Ticket.objects.values_list("pk", flat=True)))
    compute()
