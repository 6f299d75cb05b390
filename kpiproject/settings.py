"""All settings. What differs from one installation to the next is read through env.py and listed in .env.example."""

import os
import secrets
import sys
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from kpiproject import env
from kpiproject.lib.once import written_once

# --- Where things are ---------------------------------------------------------------------------------------------
BASE_DIR = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules
if not TESTING:
    env.read_file(BASE_DIR / ".env")
VAR = Path(env.text("PLUMBLINE_VAR", str(BASE_DIR / "var"))).resolve()


def _secret_key() -> str:
    """The variable, or a key made once and kept in the data folder, so that one box needs no configuration."""
    if TESTING:
        return "only for tests, never for anything else, fifty characters"
    try:
        VAR.mkdir(mode=0o700, parents=True, exist_ok=True)  # also for the database, which makes no folder
        return env.text("SECRET_KEY", "") or written_once(VAR / "secret_key", partial(secrets.token_urlsafe, 50))
    except OSError as error:
        msg = f"The data folder {VAR} (PLUMBLINE_VAR) cannot be written: {error.strerror}."
        raise ImproperlyConfigured(msg) from error
    except ValueError as error:
        raise ImproperlyConfigured(str(error)) from error


SECRET_KEY = _secret_key()
DEBUG = env.flag("DEBUG")
DEMO = env.flag("DEMO")
PORT = env.integer("PORT", 8000, least=1, most=65535)
BASE_URL = env.text("BASE_URL", f"http://localhost:{PORT}").rstrip("/")
if not BASE_URL.startswith(("http://", "https://")):
    msg = f"BASE_URL is {BASE_URL!r}; it must start with http:// or https://."
    raise ImproperlyConfigured(msg)
if urlsplit(BASE_URL).path or "?" in BASE_URL or "#" in BASE_URL:
    msg = f"BASE_URL is {BASE_URL!r}; Plumbline needs a host name of its own, so it must end after the host and port."
    raise ImproperlyConfigured(msg)
_HTTPS = BASE_URL.startswith("https://")
_HOST = BASE_URL.split("://", 1)[1].split("/")[0].rsplit(":", 1)[0]
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", f"{_HOST},localhost,127.0.0.1,[::1]")
# Whoever serves https does it by a proxy in front, because our own web server speaks http only.
TRUSTED_PROXIES = env.integer("TRUSTED_PROXIES", int(_HTTPS), least=0, most=10)
WEB_WORKERS = env.integer("WEB_WORKERS", 1, least=1, most=64)
CELERY_WORKERS = env.integer("CELERY_WORKERS", 2, least=1, most=64)

# --- Applications -------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "kpiproject.apps.KpiProjectConfig",
    "surveys.apps.SurveysConfig",
    "metrics.apps.MetricsConfig",
    "goals.apps.GoalsConfig",
    "manual.apps.ManualConfig",
    "kpiproject.apps.PlumblineAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "crispy_forms",
    "csp",
    "django_htmx",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kpiproject.middleware.UserTimeZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "kpiproject.middleware.ButtonAddressMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "kpiproject.urls"
WSGI_APPLICATION = "kpiproject.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kpiproject.context.organisation",
                "kpiproject.front.waiting.counts",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ["plumbline"]
CRISPY_TEMPLATE_PACK = "plumbline"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Database -----------------------------------------------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{quote(str(VAR / 'plumbline.sqlite3'))}")}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE is compulsory: a read that turns into a write would fail at once instead of waiting its turn.
    # No mmap_size: with connections that come and go and a worker killed now and then, SQLite 3.40 reported a malformed
    # database or a disk error 10 to 40 times a minute in a stress run; without it never.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": ("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-20000;"),
    }
else:
    _threads = max(4, CELERY_WORKERS)  # the web server has four threads, a worker has CELERY_WORKERS
    _pool = {} if TESTING else {"pool": {"min_size": 1, "max_size": _threads + 1, "timeout": 10}}
    _database["OPTIONS"] = _database.get("OPTIONS", {}) | _pool
    _database["DISABLE_SERVER_SIDE_CURSORS"] = True

# --- Queue --------------------------------------------------------------------------------------------------------
REDIS_URL = env.text("REDIS_URL", "")
if REDIS_URL and not REDIS_URL.startswith(("redis://", "rediss://", "redis+socket://")):
    msg = f"REDIS_URL starts with {REDIS_URL.split(':', maxsplit=1)[0]!r}; it must start with redis:// or rediss://."
    raise ImproperlyConfigured(msg)


def _queue_socket() -> Path:
    """In the data folder, or where `start` noted it there because the path was too long for a socket."""
    note = VAR / "queue.sock.path"
    return Path(note.read_text(encoding="utf-8")) if note.is_file() else VAR / "queue.sock"


QUEUE_SOCKET = _queue_socket()
CELERY_BROKER_URL = "memory://" if TESTING else REDIS_URL or f"redis+socket://{quote(str(QUEUE_SOCKET))}"
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 4
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Longer than the longest task, or a task still running would be given to a second worker. There is no time limit:
# workers run tasks in threads, and a thread cannot be ended.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 30,
    "unacked_restore_throttle": 1,
    # A page must not wait for a queue that is away: the default is to try for six seconds.
    "socket_connect_timeout": 2,
    "max_retries": 1,
    "interval_start": 0,
}
CELERY_TIMEZONE = "UTC"
# Every piece of work is a database row that a sweep finds again; a late sweep is worthless, so it expires.
CELERY_BEAT_SCHEDULE = {
    name: {"task": name, "schedule": seconds, "options": {"expires": seconds}}
    for name, seconds in {
        "kpiproject.beat": 10.0,
        "kpiproject.sweep_mail": 10.0,
        "kpiproject.sweep_webhooks": 10.0,
        "surveys.note_sent": 15.0,
        "surveys.count": 15.0,
        "surveys.remind": 60.0,
        "surveys.sweep_mailings": 30.0,
        "surveys.follow_up": 10.0,
        "surveys.ask_after_recovery": 60.0,
        "surveys.part_employees": 86400.0,
        "metrics.collect_survey_changes": 15.0,
        "metrics.sweep_dirty": 15.0,
        "metrics.sweep_rules": 60.0,
        "metrics.sweep_imports": 30.0,
        "metrics.forget_import_changes": 86400.0,
        "metrics.mark_passing_time": 600.0,
        "goals.escalate_follow_ups": 60.0,
        "goals.watch": 60.0,
        "goals.sweep_reports": 30.0,
        "goals.remind_of_reviews": 60.0,
        "goals.sweep_goals": 60.0,
        "goals.look_after_people": 600.0,
        "manual.sweep_pdfs": 30.0,
        "manual.remind_readers": 300.0,
        "manual.look_after_sections": 60.0,
        "manual.sweep_followers": 60.0,
        "kpiproject.purge": 86400.0,
    }.items()
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "schedule")

# --- Cache --------------------------------------------------------------------------------------------------------
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "kpiproject.cache.RedisCache",
            "LOCATION": REDIS_URL.replace("redis+socket://", "unix://"),
            "KEY_PREFIX": f"test-{os.getpid()}" if TESTING else "plumbline",
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- People -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "kpiproject.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["name", "email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:login"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
AXES_FAILURE_LIMIT = 8
# The name of the field in the login form; without it axes would look for "email" and count everybody together.
AXES_USERNAME_FORM_FIELD = "username"
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "kpiproject.throttle.client_address"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "accounts/locked_page.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True

# --- Mail ---------------------------------------------------------------------------------------------------------
EMAIL_FILE_PATH = str(VAR / "mailbox")
vars().update(env.email("EMAIL_URL", f"file://{quote(str(VAR / 'mailbox'))}" if DEMO else "console:"))
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"plumbline@{_HOST}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_PROVIDER = env.text("MAIL_PROVIDER", "")
ANYMAIL = env.provider(
    MAIL_PROVIDER,
    key=env.text("MAIL_PROVIDER_KEY", ""),
    secret=env.text("MAIL_WEBHOOK_SECRET", ""),
    signing_key=env.text("MAIL_WEBHOOK_SIGNING_KEY", ""),
    sends=vars()["EMAIL_BACKEND"] == env.PROVIDER_BACKEND,
)
if MAIL_PROVIDER:
    INSTALLED_APPS.append("anymail")
MAIL_PER_DOMAIN_PER_MINUTE = env.integer("MAIL_PER_DOMAIN_PER_MINUTE", 0, least=0, most=100_000)

# --- Language and time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "locale"]
# Only what is translated is offered: otherwise Django's own texts would change their language and ours would not.
LANGUAGES = [
    (code, name)
    for code, name in [("en", _("English")), ("de", _("German")), ("fr", _("French")), ("es", _("Spanish"))]
    if code == "en" or (BASE_DIR / "locale" / code).is_dir()
]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = "kpiproject.formats"

# --- Files --------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
MEDIA_ROOT = VAR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if TESTING
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = TESTING
# Else each client of a test would first look through all files.
WHITENOISE_AUTOREFRESH = TESTING
STATICFILES_DIRS = [VAR / "generated-static"] if (VAR / "generated-static").is_dir() else []
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
IMPORT_MAX_BYTES = 500_000_000
IMPORT_UNDO_DAYS = env.integer("IMPORT_UNDO_DAYS", 90, least=1, most=3650)

# --- Security -----------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = _HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31536000 if _HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "plumbline_session"
CSRF_COOKIE_NAME = "plumbline_csrf"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "kpiproject.front.errors.csrf_failure"

# --- Logging ------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"tokens_cut": {"()": "kpiproject.logs.TokensCut"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["tokens_cut"]}},
    "root": {"handlers": ["stderr"], "level": "INFO" if DEBUG else "WARNING"},
    "loggers": {
        "kpiproject": {"level": "INFO"},
        "surveys": {"level": "INFO"},
        "metrics": {"level": "INFO"},
        "goals": {"level": "INFO"},
        "manual": {"level": "INFO"},
        "celery.beat": {"level": "WARNING"},
        # Named so that Django's own handlers, which cut nothing, are taken off.
        "django": {"level": "INFO" if DEBUG else "WARNING"},
        "django.server": {"level": "INFO", "propagate": True},
    },
}
