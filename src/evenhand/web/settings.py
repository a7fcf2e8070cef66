"""Settings of the web room. Everything that differs between installations comes from the environment.

`EVENHAND_HOME`          data folder: database, signing key, collected static files; without it a folder that is thrown away at the end,
                         so that checks and tests leave nothing behind (`wsgi` refuses to serve from it)
`EVENHAND_RELEASES`      folder of releases (default: releases/ in the data folder)
`EVENHAND_DECISIONS`     file of decisions that the review desk adds to and `evenhand build --decisions` replays (default: decisions.jsonl there)
`EVENHAND_DATABASE_URL`  PostgreSQL address; SQLite in the data folder without it
`EVENHAND_SECRET_KEY`    signing key; a file in the data folder without it
`EVENHAND_HOSTS`         names under which the site is reached, parted by commas
`EVENHAND_HTTPS`         1 when reached through TLS: cookies and forwarding follow
`EVENHAND_STATIC`        `collected` serves the compressed files that `serving.prepare` collected
"""

import atexit
import os
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.contrib.messages.constants import ERROR

from evenhand.web.database import database, sqlite
from evenhand.web.secret import secret_key

_HERE = Path(__file__).parent


def _home() -> Path:
    given = os.environ.get("EVENHAND_HOME", "")
    if given:
        return Path(given)
    aside = Path(tempfile.mkdtemp(prefix="evenhand-web-"))
    atexit.register(shutil.rmtree, aside, ignore_errors=True)
    return aside


EVENHAND_HOME = _home()
EVENHAND_RELEASES = Path(os.environ.get("EVENHAND_RELEASES") or EVENHAND_HOME / "releases")
EVENHAND_DECISIONS = Path(os.environ.get("EVENHAND_DECISIONS") or EVENHAND_HOME / "decisions.jsonl")

SECRET_KEY = secret_key(EVENHAND_HOME)
DEBUG = False
ALLOWED_HOSTS = (os.environ.get("EVENHAND_HOSTS") or "localhost,127.0.0.1,[::1]").split(",")
DATABASES = {"default": database(os.environ.get("EVENHAND_DATABASE_URL", "")) or sqlite(EVENHAND_HOME / "evenhand.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "axes",
    "evenhand.web.accounts",
    "evenhand.web.audit",
    "evenhand.web.jobs",
    "evenhand.web.registry",
    "evenhand.web.grades",
    "evenhand.web.review",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "evenhand.web.accounts.middleware.IdleLimit",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "evenhand.web.refusals.Refusals",
    "axes.middleware.AxesMiddleware",  # last: it answers a lock-out raised by the login view
]
ROOT_URLCONF = "evenhand.web.urls"
WSGI_APPLICATION = "evenhand.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "evenhand.web.registry.context.release_note",
            ],
        },
    },
]

MESSAGE_TAGS = {ERROR: "danger error"}  # the first word is Tabler's, the second that of the administration pages

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# Files: plain while developing and in tests; collected, hashed and compressed behind the server.
STATIC_URL = "static/"
STATIC_ROOT = EVENHAND_HOME / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns when it is missing
STATICFILES_DIRS = [_HERE / "static"]
_COLLECTED = os.environ.get("EVENHAND_STATIC") == "collected"
WHITENOISE_USE_FINDERS = not _COLLECTED
WHITENOISE_MANIFEST_STRICT = False  # pages without look are better than none where the front end was not set up
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}

# Login (GB/T 22239-2019): strong hash, lock-out, idle limit, password rules.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "evenhand.web.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "evenhand.web.accounts.passwords.ThreeKinds"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False  # its pages are English; accounts have an action of their own
SESSION_COOKIE_AGE = 30 * 60  # seconds without a request after which a person logs in again
SESSION_EXPIRE_AT_BROWSER_CLOSE = False
SESSION_COOKIE_NAME = "evenhand_session"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "evenhand_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "evenhand.web.refusals.form_expired"

_HTTPS = os.environ.get("EVENHAND_HTTPS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SECURE_SSL_REDIRECT = _HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if _HTTPS else []
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "style-src": [SELF],
        "style-src-attr": [UNSAFE_INLINE],  # charts set sizes on their own elements
        "script-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
