"""A world that many tests only look at, made once for all of them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

QUICK = "django.contrib.auth.hashers.MD5PasswordHasher"


@contextmanager
def world(blocker: DjangoDbBlocker) -> Iterator[None]:
    """For a fixture of a module: make everything inside, then yield. It is gone when the module is over.

    The transactions of the tests are savepoints in this one, so a test may change things without others seeing it. What
    the world leaves for the commit is never done. All tests of the module see the world, whether they ask for it or
    not. Not for tests with real transactions, nor with threads: another connection sees nothing of it and waits for its
    locks. The folders of a test are not there yet, so a world makes no files.
    """
    with blocker.unblock(), override_settings(PASSWORD_HASHERS=[QUICK]), transaction.atomic():
        cache.clear()  # what is kept there is of other tests, whose facts had the same number of changes
        try:
            yield
        finally:
            transaction.set_rollback(True)
            cache.clear()
