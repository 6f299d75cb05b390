"""What tests may rely on in a world that they share."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial

import pytest
from django.core.cache import cache
from django.db import transaction
from pytest_django import DjangoDbBlocker

from kpiproject.models import Team
from tests.factories import TeamFactory
from tests.worlds import world

pytestmark = pytest.mark.django_db
never: list[str] = []


@pytest.fixture(scope="module", autouse=True)
def _one_team(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with world(django_db_blocker):
        TeamFactory(name="Tier 1")
        transaction.on_commit(partial(never.append, "of the world"))
        yield


def names() -> list[str]:
    return sorted(Team.objects.values_list("name", flat=True))


@pytest.mark.parametrize("_turn", [1, 2])
def test_nobody_sees_what_another_test_has_changed(_turn: int) -> None:
    assert names() == ["Tier 1"]
    Team.objects.update(name="Tier 2")
    TeamFactory(name="Tier 3")
    assert names() == ["Tier 2", "Tier 3"]


def test_only_what_a_test_leaves_for_the_commit_is_done(
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
) -> None:
    done: list[str] = []
    with django_capture_on_commit_callbacks(execute=True):
        transaction.on_commit(partial(done.append, "of the test"))
    assert (done, never) == (["of the test"], [])


def test_a_world_and_what_was_kept_of_it_are_gone_when_it_is_over(django_db_blocker: DjangoDbBlocker) -> None:
    cache.set("before", 1)
    with world(django_db_blocker):
        assert cache.get("before") is None
        cache.set("world", 1)
        TeamFactory(name="Tier 2")
        assert names() == ["Tier 1", "Tier 2"]
    assert (names(), cache.get("world")) == (["Tier 1"], None)


def test_a_world_that_cannot_be_made_is_gone_too(django_db_blocker: DjangoDbBlocker) -> None:
    def broken() -> None:
        with world(django_db_blocker):
            TeamFactory(name="Tier 2")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert names() == ["Tier 1"]
