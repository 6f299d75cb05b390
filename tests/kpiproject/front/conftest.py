from uuid import uuid4

import pytest


@pytest.fixture(autouse=True)
def _own_counters(settings) -> None:
    """Attempts are counted in the cache; other tests' attempts must not count here."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": uuid4().hex}}
