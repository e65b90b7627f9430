"""Settings of Gần Dân, read from the environment (`gandan.environment`; list in docs/environment.md)."""

from __future__ import annotations

import sys
from pathlib import Path

from gandan import environment as env

if sys.platform == "linux":
    # Debian's SQLite has the WAL-reset fault; the driver's own copy does not (docs/decisions/0001).
    import pysqlite3

    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

PACKAGE = Path(__file__).resolve().parent
DATA = env.data_dir()

SECRET_KEY = env.secret_key(DATA)
DEBUG = env.flag("GANDAN_DEBUG")
GANDAN_DEMO = env.flag("GANDAN_DEMO")
GANDAN_DATA = DATA
GANDAN_KEYS_FILE = env.text("GANDAN_KEYS_FILE", str(DATA / "keys" / "identity.json"))
GANDAN_ORIGIN = env.text("GANDAN_ORIGIN", "http://127.0.0.1:8000")  # printed in QR codes
GANDAN_METRICS_TOKEN = env.secret("GANDAN_METRICS_TOKEN")  # none: /metrics answers nobody
GANDAN_LOG_REQUESTS = env.flag("GANDAN_LOG_REQUESTS")
GANDAN_TRUSTED_PROXY = env.networks("GANDAN_TRUSTED_PROXY")  # whose X-Forwarded-For is believed
ALLOWED_HOSTS = [
    *env.words("GANDAN_HOSTS"),
    "127.0.0.1",
    "localhost",
    "[::1]",
]  # watchers ask on the machine itself
CSRF_TRUSTED_ORIGINS = [GANDAN_ORIGIN] if GANDAN_ORIGIN.startswith("https://") else []

INSTALLED_APPS = [
    "gandan.ui",
    "gandan.ledger",
    "gandan.accounts",
    "gandan.law",
    "gandan.documents",
    "gandan.notifications",
    "gandan.organization",
    "gandan.catalogue",
    "gandan.dossiers",
    "gandan.exchange",
    "gandan.portal",
    "gandan.operations",
    "gandan.administration",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # templates of the widgets, for FORM_RENDERER
]

MIDDLEWARE = [
    "gandan.operations.logs.RequestLog",  # first: it numbers the request that all others log under
    "gandan.ui.middleware.SecurityHeaders",  # first: static files and refusals bear them too
    "gandan.ui.middleware.ClientAddress",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "gandan.ui.middleware.RefuseUnreadable",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "gandan.ui.middleware.Language",
    "gandan.ui.middleware.HtmxSignIn",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "gandan.ui.middleware.RefuseBody",
]

ROOT_URLCONF = "gandan.urls"
WSGI_APPLICATION = "gandan.wsgi.application"
TEMPLATE_FILES = "django.template.loaders.app_directories.Loader"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            # While a page is being written, each request reads its files anew and errors name their lines.
            "loaders": [TEMPLATE_FILES if DEBUG else ("gandan.ui.flat_templates.Loader", [TEMPLATE_FILES])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gandan.ui.context.page",
            ],
        },
    }
]

FORM_RENDERER = "gandan.ui.renderer.FormRenderer"
CSRF_FAILURE_VIEW = "gandan.ui.views.csrf_failure"
GANDAN_COMPONENT_PAGE = DEBUG  # `/ui/`: every component on one page

DATABASES = {"default": env.database_settings(DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
OIDC = env.provider_settings()  # none: nobody signs in by a provider
GANDAN_LOCAL_SIGN_IN = env.local_sign_in(OIDC)
GANDAN_SECOND_FACTOR_ROLES = env.words("GANDAN_SECOND_FACTOR_ROLES")
GANDAN_SECOND_FACTOR_FROM = env.day("GANDAN_SECOND_FACTOR_FROM")
GANDAN_SECOND_FACTOR_GRACE_DAYS = env.whole("GANDAN_SECOND_FACTOR_GRACE_DAYS", 14)
LOGIN_URL = "/dang-nhap/"
LOGIN_REDIRECT_URL = "/viec-hom-nay/"
LOGOUT_REDIRECT_URL = "/"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
# `serve` and `demo` collect before they start the workers (gandan.portal.collected); else files lie in the source.
COLLECTED = not DEBUG and (STATIC_ROOT / "staticfiles.json").exists()
PLAIN_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "gandan.ui.static_files.Storage" if COLLECTED else PLAIN_FILES},
}
WHITENOISE_USE_FINDERS = not COLLECTED
WHITENOISE_ALLOW_ALL_ORIGINS = False

SESSION_ENGINE = "gandan.accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # and after twelve hours at the latest
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SECURE_COOKIES = GANDAN_ORIGIN.startswith("https://")
SESSION_COOKIE_SECURE = SECURE_COOKIES
CSRF_COOKIE_SECURE = SECURE_COOKIES
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

MAIL = env.mail_settings()  # none: messages wait for a telephone call
GANDAN_MAIL = bool(MAIL)
EMAIL_HOST, EMAIL_PORT = str(MAIL.get("host", "localhost")), int(MAIL.get("port", 25))
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = str(MAIL.get("user", "")), str(MAIL.get("password", ""))
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.get("security") == "starttls", MAIL.get("security") == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("GANDAN_MAIL_FROM", "khong-tra-loi@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "gandan.portal.scrubbing.WithoutWords",
            "format": "{asctime} {levelname} {incident} {name} {message}",
            "style": "{",
        },
        "json": {"()": "gandan.operations.logs.JsonLines"},
    },
    "filters": {
        "scrub": {"()": "gandan.portal.scrubbing.ScrubSecrets"},
        "incident": {"()": "gandan.operations.logs.MarkIncident"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": env.choice("GANDAN_LOG", {"text": "line", "json": "json"}),
            "filters": ["scrub", "incident"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"gandan": {"level": "INFO"}},
}

SILENCED_SYSTEM_CHECKS = [
    "security.W002",  # our own headers forbid framing (gandan.ui.middleware)
    "security.W004",  # HSTS is sent by our own headers, over TLS alone
    "security.W008",  # the proxy redirects to https
]
