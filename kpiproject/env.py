"""Settings from the environment: typed, with `NAME_FILE` for secrets, and refused loudly when they are nonsense."""

import os
import re
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import environ
from django.core.exceptions import ImproperlyConfigured

PROVIDER_BACKEND = "kpiproject.mail_provider.ProviderBackend"
# What django-anymail calls the key for sending, and the one that reports are signed with where they are.
_PROVIDERS = {
    "brevo": ("BREVO_API_KEY", ""),
    "mailersend": ("MAILERSEND_API_TOKEN", "MAILERSEND_SIGNING_SECRET"),
    "mailgun": ("MAILGUN_API_KEY", "MAILGUN_WEBHOOK_SIGNING_KEY"),
    "postmark": ("POSTMARK_SERVER_TOKEN", ""),
    "sendgrid": ("SENDGRID_API_KEY", ""),
    "sparkpost": ("SPARKPOST_API_KEY", ""),
}
_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"", "0", "false", "no", "off"}


def read_file(path: Path) -> None:
    """Take over `NAME=value` lines of a file for variables that the environment does not set."""
    if path.is_file():
        environ.Env.read_env(path)


def text(name: str, default: str | None = None) -> str:
    """Return the variable, or what the file named by `NAME_FILE` holds, or the default."""
    file = os.environ.get(f"{name}_FILE")
    if file:
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            msg = f"{name}_FILE is {file!r}, which cannot be read: {error.strerror}."
            raise ImproperlyConfigured(msg) from error
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        msg = f"{name} is not set. See .env.example for what it should hold."
        raise ImproperlyConfigured(msg)
    return default


def flag(name: str) -> bool:
    value = text(name, "").lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    msg = f"{name} is {value!r}; write 1 or 0."
    raise ImproperlyConfigured(msg)


def integer(name: str, default: int, *, least: int, most: int) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        msg = f"{name} is {value!r}; write a whole number from {least} to {most}."
        raise ImproperlyConfigured(msg)
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def _url(name: str, value: str, parse: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    try:
        return parse(value)
    except Exception as error:
        msg = f"{name} cannot be understood: {type(error).__name__}. See .env.example for its form."
        raise ImproperlyConfigured(msg) from error


def database(name: str, default: str) -> dict[str, Any]:
    value = text(name, default)
    if not value.startswith(("sqlite:///", "postgres://", "postgresql://")):
        scheme = value.split(":", maxsplit=1)[0]
        msg = f"{name} starts with {scheme!r}; it must start with sqlite:/// or postgres://."
        raise ImproperlyConfigured(msg)
    return _url(name, value, environ.Env.db_url_config)


def email(name: str, default: str) -> dict[str, Any]:
    """`smtp://user:password@host:port`, `smtp+tls://…`, `smtp+ssl://…`, `provider:`, `console:` or `file:///folder`."""
    value = text(name, default)
    if value == "provider:":
        return {"EMAIL_BACKEND": PROVIDER_BACKEND}
    if value.startswith("console:"):
        return {"EMAIL_BACKEND": "kpiproject.mailbox.ConsoleBackend"}
    if value.startswith("file://"):
        folder = unquote(value.removeprefix("file://"))
        return {"EMAIL_BACKEND": "kpiproject.mailbox.FileBackend", "EMAIL_FILE_PATH": folder}
    if not value.startswith(("smtp://", "smtp+tls://", "smtp+ssl://")):
        msg = f"{name} must start with smtp://, smtp+tls://, smtp+ssl://, provider:, console: or file://."
        raise ImproperlyConfigured(msg)
    parsed = _url(name, value, environ.Env.email_url_config)
    return parsed | {"EMAIL_BACKEND": "kpiproject.mailbox.SmtpBackend", "EMAIL_TIMEOUT": 30}


def provider(name: str, *, key: str, secret: str, signing_key: str, sends: bool) -> dict[str, Any]:
    """The settings of django-anymail; without a provider there are none."""
    if not name:
        if sends:
            msg = "EMAIL_URL is provider:, so MAIL_PROVIDER must say which."
            raise ImproperlyConfigured(msg)
        return {}
    _check_provider(name, key=key, secret=secret, sends=sends)
    key_name, signing_name = _PROVIDERS[name]
    named = {key_name: key, signing_name: signing_key}
    return {
        "WEBHOOK_SECRET": secret,
        "IGNORE_UNSUPPORTED_FEATURES": True,
        **{setting: value for setting, value in named.items() if setting and value},
    }


def _check_provider(name: str, *, key: str, secret: str, sends: bool) -> None:
    msg = ""
    if name not in _PROVIDERS:
        msg = f"MAIL_PROVIDER is {name!r}; it must be one of {', '.join(_PROVIDERS)}."
    elif find_spec("anymail") is None:
        msg = "MAIL_PROVIDER needs django-anymail. Install it with: .venv/bin/python -m pip install '.[anymail]'"
    elif not re.fullmatch(r"[^:\s]+:\S{16,}", secret):
        msg = "MAIL_WEBHOOK_SECRET must be a name, a colon and at least 16 further characters: nobody else may report."
    elif sends and not key:
        msg = "MAIL_PROVIDER_KEY is not set; the provider sends nothing without it."
    if msg:
        raise ImproperlyConfigured(msg)
