import time
from collections.abc import Iterator

import pytest
from django.core.cache import cache as default_cache
from django.test import Client

from kpiproject.cache import RedisCache, _Client
from kpiproject.people import waiting_password_resets
from tests.factories import UserFactory
from tests.queues import running_queue

NOBODY = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def _present(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Client, "away_until", 0.0)


@pytest.fixture(params=["embedded", "redis"])
def real(request: pytest.FixtureRequest) -> Iterator[RedisCache]:
    with running_queue(request.param) as url:
        yield RedisCache(url.replace("redis+socket://", "unix://"), {"KEY_PREFIX": "test-cache"})


@pytest.mark.queue
def test_redis_that_answers_is_a_cache(real: RedisCache) -> None:
    real.set("a", {"b": 1}, 60)
    assert (real.get("a"), real.add("a", 2), real.get_or_set("c", lambda: 3)) == ({"b": 1}, False, 3)
    assert (real.incr("c"), real.has_key("a"), real.delete("a"), real.get("a", "gone")) == (4, True, True, "gone")
    real.set_many({"d": 1, "e": 2})
    assert real.get_many(["d", "e", "f"]) == {"d": 1, "e": 2}
    real.delete_many(["c", "d", "e"])
    assert real.get_many(["c", "d", "e"]) == {}


def test_redis_that_is_away_is_a_miss_and_said_once(caplog: pytest.LogCaptureFixture) -> None:
    cache = RedisCache(NOBODY, {})
    started = time.monotonic()
    for _time in range(3):
        assert cache.get_or_set("a", lambda: 7) == 7
        _Client.away_until = 0.5  # its pause is over
    assert (cache.add("a", 1), cache.get("a", "nothing"), cache.get_many(["a"])) == (False, "nothing", {})
    assert (cache.touch("a"), cache.delete("a"), cache.has_key("a")) == (False, False, False)
    cache.set("a", 1)
    cache.set_many({"a": 1})
    cache.delete_many(["a"])
    with pytest.raises(ValueError, match="not found"):
        cache.incr("a")
    assert time.monotonic() - started < 2
    assert caplog.messages == ["The Redis in REDIS_URL is away; pages go on without a cache."]


def test_redis_that_is_away_is_not_asked_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    cache = RedisCache(NOBODY, {})
    cache.get("a")

    def asked(*_anything: object) -> None:
        pytest.fail("It was asked again.")

    monkeypatch.setattr(_Client, "get_client", asked)
    assert cache.get("a", "nothing") == "nothing"


@pytest.mark.django_db
def test_forgotten_password_needs_no_redis(client: Client, settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "kpiproject.cache.RedisCache", "LOCATION": NOBODY}}
    UserFactory(email="known@example.org")

    response = client.post("/accounts/password/reset/", {"email": "known@example.org"})

    assert (response.status_code, len(waiting_password_resets(2)), default_cache.get("a")) == (302, 1, None)
