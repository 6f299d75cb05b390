import pytest
from django.test import Client

from kpiproject.models import User
from manual.models import Section
from tests.factories import ManagerFactory, SectionFactory


@pytest.fixture
def person() -> User:
    found: User = ManagerFactory(name="Mara Lindqvist")
    return found


@pytest.fixture
def manager(client: Client, person: User) -> Client:
    client.force_login(person)
    return client


@pytest.fixture
def mine() -> Section:
    """A section of one's own in a manual of nothing else."""
    Section.objects.all().delete()
    found = SectionFactory(slug="mine", title="Mine", text="First words.", position=10)
    found.versions.create(version=1, title="Mine", text="First words.")
    return found
