"""Django's Redis cache, which a page can do without: while Redis is away, nothing is found and nothing is kept."""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Final

import redis
from django.core.cache.backends.redis import RedisCache as DjangoRedisCache
from django.core.cache.backends.redis import RedisCacheClient
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

# So long no page waits for it again.
_PAUSE_SECONDS: Final = 15.0


class _Client(RedisCacheClient):
    """The same operations. Each connection error is a miss; only `clear` tells of it."""

    # For all threads of the process; 0 while Redis answers.
    away_until: ClassVar[float] = 0.0

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        return bool(self._ask(super().add, key, value, timeout))

    def get(self, key: Any, default: Any) -> Any:
        return self._ask(super().get, key, default, otherwise=default)

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        self._ask(super().set, key, value, timeout)

    def touch(self, key: Any, timeout: Any) -> bool:
        return bool(self._ask(super().touch, key, timeout))

    def delete(self, key: Any) -> bool:
        return bool(self._ask(super().delete, key))

    def get_many(self, keys: Iterable[Any]) -> dict[Any, Any]:
        return self._ask(super().get_many, keys) or {}

    def has_key(self, key: Any) -> bool:
        return bool(self._ask(super().has_key, key))

    def incr(self, key: Any, delta: int) -> Any:
        counted = self._ask(super().incr, key, delta)
        if counted is None:
            msg = f"Key {key!r} not found."  # what Django says of a key that has run out
            raise ValueError(msg)
        return counted

    def set_many(self, data: Mapping[Any, Any], timeout: Any) -> None:
        self._ask(super().set_many, data, timeout)

    def delete_many(self, keys: Iterable[Any]) -> None:
        self._ask(super().delete_many, keys)

    def _ask(self, operation: Callable[..., Any], *arguments: Any, otherwise: Any = None) -> Any:
        if time.monotonic() < _Client.away_until:
            return otherwise
        try:
            found = operation(*arguments)
        except (redis.ConnectionError, redis.TimeoutError):
            if not _Client.away_until:
                logger.warning("The Redis in REDIS_URL is away; pages go on without a cache.")
            _Client.away_until = time.monotonic() + _PAUSE_SECONDS
            return otherwise
        _Client.away_until = 0.0
        return found


class RedisCache(DjangoRedisCache):
    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        # A page waits a second at most; the library's own way is to try again for several.
        options = {"socket_connect_timeout": 1, "socket_timeout": 1, "retry": Retry(NoBackoff(), 0)}
        super().__init__(server, params | {"OPTIONS": options | params.get("OPTIONS", {})})
        self._class = _Client
