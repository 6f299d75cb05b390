"""Objects for tests. Add a factory where you need one; keep those of others."""

from typing import Any

import factory
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory

from kpiproject.models import User
from kpiproject.roles import MANAGERS, STAFF

PASSWORD = "only-for-tests-2718"


class UserFactory(DjangoModelFactory):
    """Somebody with a password and no role."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"person{number}@example.org")
    name = factory.Sequence(lambda number: f"Person {number}")
    password = factory.django.Password(PASSWORD)


class StaffFactory(UserFactory):
    @factory.post_generation
    def role(self: User, create: bool, extracted: object, **kwargs: Any) -> None:
        self.groups.add(Group.objects.get(name=STAFF))


class ManagerFactory(UserFactory):
    is_staff = True

    @factory.post_generation
    def role(self: User, create: bool, extracted: object, **kwargs: Any) -> None:
        self.groups.add(Group.objects.get(name=MANAGERS))
