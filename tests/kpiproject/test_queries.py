import pytest

from kpiproject import queries
from kpiproject.models import Organisation
from tests.factories import AgentFactory, CalendarFactory

pytestmark = pytest.mark.django_db


def test_the_organisation_is_made_once():
    Organisation.objects.all().delete()
    assert queries.organisation() == queries.organisation()
    assert Organisation.objects.count() == 1


def test_agent_names():
    AgentFactory(external_id="a-1", name="Ada")
    AgentFactory(external_id="a-2", name="")
    AgentFactory(external_id="a-3", name="Grace")
    AgentFactory(external_id="both", name="Ann", source="one")
    AgentFactory(external_id="both", name="Bob", source="two")
    AgentFactory(external_id="same", name="Cem", source="one")
    AgentFactory(external_id="same", name="Cem", source="two")
    found = queries.agent_names(["a-1", "a-2", "both", "same", "nobody"])
    assert found == {"a-1": "Ada", "a-2": "a-2", "same": "Cem"}


def test_calendar_name():
    assert queries.calendar_name() == ""
    CalendarFactory(name="Support hours")
    CalendarFactory(name="Night shift", is_default=False)
    assert queries.calendar_name() == "Support hours"
