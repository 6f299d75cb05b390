"""What every setting of an installation is for, and what counts where it is not given. Never what it is set to.

The settings themselves are read in settings.py; a test holds both and .env.example to the same names and defaults.
"""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True, kw_only=True)
class Setting:
    """`default` is what counts without it, in words or as it would be written. Of a secret, see NAME_FILE in env.py."""

    name: str
    about: Words
    default: Words
    is_secret: bool = False


@dataclass(frozen=True, kw_only=True)
class Group:
    name: Words
    settings: tuple[Setting, ...]


GROUPS: Final = (
    Group(
        name=_("The machine"),
        settings=(
            Setting(
                name="PLUMBLINE_VAR",
                about=_("The data folder: database, uploads, queue and logs. This is what you back up."),
                default=_("the folder var beside manage.py"),
            ),
            Setting(name="PORT", about=_("The port at which the web server listens."), default="8000"),
            Setting(name="WEB_WORKERS", about=_("How many processes answer people's browsers."), default="1"),
            Setting(
                name="CELERY_WORKERS",
                about=_("How many processes do the work behind: mails, imports, figures."),
                default="2",
            ),
            Setting(
                name="DATABASE_URL",
                about=_("The database. PostgreSQL where SQLite has become too small."),
                default=_("SQLite in the data folder"),
                is_secret=True,
            ),
            Setting(
                name="REDIS_URL",
                about=_("The queue. Redis or Valkey of your own where several machines work together."),
                default=_("a queue of its own, started with Plumbline"),
                is_secret=True,
            ),
        ),
    ),
    Group(
        name=_("The address and safety"),
        settings=(
            Setting(
                name="BASE_URL",
                about=_(
                    "The address that people use; links in mails begin with it. One that begins with https:// "
                    "switches on everything that protects the connection."
                ),
                default=_("this machine, at its port"),
            ),
            Setting(
                name="ALLOWED_HOSTS",
                about=_("The host names that may be asked for, with commas between them."),
                default=_("the one in BASE_URL, and this machine"),
            ),
            Setting(
                name="TRUSTED_PROXIES",
                about=_("How many proxies of your own stand in front. Attempts to log in are counted by address."),
                default=_("1 if BASE_URL begins with https://, otherwise 0"),
            ),
            Setting(
                name="SECRET_KEY",
                about=_("A long random text with which logins and links are signed. A new one makes them invalid."),
                default=_("made once, and kept in the data folder"),
                is_secret=True,
            ),
            Setting(
                name="DEBUG",
                about=_("Shows errors in the browser. Never on a machine that others can reach."),
                default=_("off"),
            ),
            Setting(
                name="DEMO",
                about=_("The demonstration: listens on this machine only, and shows sent mails at /mailbox/."),
                default=_("off"),
            ),
        ),
    ),
    Group(
        name=_("Mail"),
        settings=(
            Setting(
                name="EMAIL_URL",
                about=_("Through which mail server mails leave, with its user and password."),
                default=_("none: mails are written to the log; the demonstration keeps them in a folder"),
                is_secret=True,
            ),
            Setting(
                name="DEFAULT_FROM_EMAIL",
                about=_("Who mails come from. Without a name, the organisation's is put in front."),
                default=_("plumbline@ and the host in BASE_URL"),
            ),
            Setting(
                name="MAIL_PER_DOMAIN_PER_MINUTE",
                about=_("How many mails leave in a minute for the addresses of one domain. 0 means no limit."),
                default="0",
            ),
            Setting(
                name="MAIL_PROVIDER",
                about=_("A mail provider that reports by itself which mails came back, such as postmark or mailgun."),
                default=_("none"),
            ),
            Setting(
                name="MAIL_PROVIDER_KEY",
                about=_("The provider's key, where mails leave through its interface."),
                default=_("none"),
                is_secret=True,
            ),
            Setting(
                name="MAIL_WEBHOOK_SECRET",
                about=_("A name, a colon and a long random text by which the provider's reports are known as its own."),
                default=_("none"),
                is_secret=True,
            ),
            Setting(
                name="MAIL_WEBHOOK_SIGNING_KEY",
                about=_("The key with which mailgun and mailersend sign what they report."),
                default=_("none"),
                is_secret=True,
            ),
        ),
    ),
    Group(
        name=_("Imports"),
        settings=(
            Setting(
                name="IMPORT_UNDO_DAYS",
                about=_("For how many days an import can be undone: that long, what it changed is kept as it was."),
                default="90",
            ),
        ),
    ),
)
