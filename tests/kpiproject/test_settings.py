"""What differs between installations, read by a fresh process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
TOLD = "import sys; from kpiproject import settings; sys.stdout.write(str(settings.{name}))"


def started(name: str, var: Path, **environment: str) -> "subprocess.Popen[str]":
    """A process that tells one setting."""
    ours = {"SECRET_KEY": "", "BASE_URL": "", "TRUSTED_PROXIES": "", "REDIS_URL": "", "PLUMBLINE_VAR": str(var)}
    command = [sys.executable, "-c", TOLD.format(name=name)]
    env = os.environ | ours | environment
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def told(name: str, var: Path, **environment: str) -> str:
    """The setting, or the last line of the refusal."""
    text, error = started(name, var, **environment).communicate()
    return text or error.strip().splitlines()[-1].removeprefix("django.core.exceptions.ImproperlyConfigured: ")


def test_processes_that_start_together_keep_the_same_secret_key(tmp_path: Path) -> None:
    processes = [started("SECRET_KEY", tmp_path / "var") for _number in range(4)]
    keys = {process.communicate()[0] for process in processes}
    assert keys == {(tmp_path / "var" / "secret_key").read_text()}
    assert len(keys.pop()) > 50


def test_empty_secret_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()
    sentence = f"{tmp_path / 'secret_key'} is empty. Delete it, and it is made anew."
    assert told("SECRET_KEY", tmp_path) == sentence


@pytest.mark.parametrize("secret_key", ["", "given"])
def test_data_folder_is_made_for_its_owner_only(tmp_path: Path, secret_key: str) -> None:
    var = tmp_path / "new" / "var"
    assert told("VAR", var, SECRET_KEY=secret_key) == str(var)
    assert var.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("https://plumbline.example.com/", "https://plumbline.example.com"),
        ("http://localhost:8001", "http://localhost:8001"),
        (
            "https://example.com/plumbline/",
            (
                "BASE_URL is 'https://example.com/plumbline'; Plumbline needs a host name of its own, "
                "so it must end after the host and port."
            ),
        ),
        (
            "https://example.com?a=1",
            (
                "BASE_URL is 'https://example.com?a=1'; Plumbline needs a host name of its own, "
                "so it must end after the host and port."
            ),
        ),
        ("example.com", "BASE_URL is 'example.com'; it must start with http:// or https://."),
    ],
)
def test_base_url_is_a_host_without_a_path(tmp_path: Path, given: str, found: str) -> None:
    assert told("BASE_URL", tmp_path, BASE_URL=given) == found


@pytest.mark.parametrize(
    ("environment", "hops"),
    [
        ({}, "0"),
        ({"BASE_URL": "https://plumbline.example.com"}, "1"),
        ({"BASE_URL": "https://plumbline.example.com", "TRUSTED_PROXIES": "0"}, "0"),
        ({"TRUSTED_PROXIES": "2"}, "2"),
        ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES is '-1'; write a whole number from 0 to 10."),
    ],
)
def test_proxies_that_are_trusted(tmp_path: Path, environment: dict[str, str], hops: str) -> None:
    assert told("TRUSTED_PROXIES", tmp_path, **environment) == hops


def test_sqlite_is_never_mapped_into_memory(tmp_path: Path) -> None:
    """It broke under connections that come and go: see the settings."""
    options = told("DATABASES", tmp_path, DATABASE_URL="")
    assert "PRAGMA journal_mode=WAL" in options
    assert "mmap_size" not in options


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "{}"),
        (
            {"MAIL_PROVIDER": "nobody"},
            "MAIL_PROVIDER is 'nobody'; it must be one of brevo, mailersend, mailgun, postmark, sendgrid, sparkpost.",
        ),
        (
            {"MAIL_PROVIDER": "postmark", "MAIL_WEBHOOK_SECRET": "a:short"},
            "MAIL_WEBHOOK_SECRET must be a name, a colon and at least 16 further characters: nobody else may report.",
        ),
        (
            {"EMAIL_URL": "provider:", "MAIL_PROVIDER": "postmark", "MAIL_WEBHOOK_SECRET": "a:0123456789abcdef"},
            "MAIL_PROVIDER_KEY is not set; the provider sends nothing without it.",
        ),
        ({"EMAIL_URL": "provider:"}, "EMAIL_URL is provider:, so MAIL_PROVIDER must say which."),
        (
            {
                "MAIL_PROVIDER": "mailgun",
                "MAIL_PROVIDER_KEY": "k",
                "MAIL_WEBHOOK_SECRET": "a:0123456789abcdef",
                "MAIL_WEBHOOK_SIGNING_KEY": "s",
            },
            str(
                {
                    "WEBHOOK_SECRET": "a:0123456789abcdef",
                    "IGNORE_UNSUPPORTED_FEATURES": True,
                    "MAILGUN_API_KEY": "k",
                    "MAILGUN_WEBHOOK_SIGNING_KEY": "s",
                }
            ),
        ),
    ],
)
def test_provider_is_configured_whole_or_refused(tmp_path: Path, environment: dict[str, str], said: str) -> None:
    assert told("ANYMAIL", tmp_path, **environment) == said
