"""The settings: one file, every choice an operator has read from the environment (see env.py).

A site is local when BASE_URL points at this machine. Anything else is production: it needs
SECRET_KEY, and https brings secure cookies, the redirect to https and HSTS.
"""

from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from collaborative import env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var"))).resolve()

# Where the site is ------------------------------------------------------------------------------

DEMO = env.boolean("DEMO")
DEMO_ANYWHERE = env.boolean("DEMO_ANYWHERE")
DEBUG = env.boolean("DEBUG")
BASE_URL = env.web_address("BASE_URL", "http://127.0.0.1:8000")
_HOST = urlsplit(BASE_URL).hostname or ""
LOCAL = _HOST in {"127.0.0.1", "localhost", "::1"}
HTTPS = BASE_URL.startswith("https://")
SECRET_KEY = env.secret_key(VAR_DIR / "secret_key", local=LOCAL)
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS", [_HOST, *(["127.0.0.1", "localhost", "[::1]"] if LOCAL else [])])
# How many proxies of the operator's own stand before the site and add to X-Forwarded-For.
TRUSTED_PROXIES = env.integer("TRUSTED_PROXIES", 0)
# What is made up never stands under the name of those who are not.
SITE_NAME = env.text("SITE_NAME", "Demo Careers Partnership" if DEMO else "The Career Services Collaborative")
OPERATOR = env.text("OPERATOR", "The Career Services Collaborative")

# What it is made of -----------------------------------------------------------------------------

INSTALLED_APPS = [
    "home",
    "collaborative.flow",
    "collaborative.consultations",
    "collaborative.changemakers",
    "collaborative.outcomes",
    "collaborative.analysis",
    "collaborative.threads",
    "collaborative.moderation",
    "collaborative.contributions",
    "collaborative.engagements",
    "collaborative.people",
    "collaborative.figures",
    "collaborative.live",
    "collaborative.apps.CollaborativeConfig",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks",
    "django_tasks_db",
    "channels",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    # First, so that a page out of the cache costs nothing below.
    "collaborative.pagecache.PageCacheMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "collaborative.csp.PolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "collaborative.middleware.StaffMiddleware",
    "collaborative.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "collaborative.urls"
ASGI_APPLICATION = "collaborative.asgi.application"

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
                "django.template.context_processors.i18n",
                "wagtail.contrib.settings.context_processors.settings",
                "collaborative.context.site",
            ],
        },
    }
]

# Where things are kept --------------------------------------------------------------------------

DATABASES = {"default": env.database("DATABASE_URL", default_path=VAR_DIR / "db.sqlite3", base=BASE_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": env.text("REDIS_PREFIX", "collaborative"),
    }
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
CHANNEL_LAYERS = {
    "default": {
        # Pub/sub, not the "core" layer, which drops messages unseen when a reader is slow.
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {
            "hosts": [{"address": REDIS_URL, "socket_connect_timeout": 2}],
            "prefix": env.text("REDIS_PREFIX", "collaborative"),
        },
    }
    if REDIS_URL
    # Past its capacity this layer drops messages, which costs a catch-up; it serves one process.
    else {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 1000}}
}
# Working days within which somebody should have looked at what came in (MOD-3).
CHECK_TARGET_DAYS = env.integer("CHECK_TARGET_DAYS", 1, least=1)
EXTRA_BANK_HOLIDAYS = env.days("EXTRA_BANK_HOLIDAYS")
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(VAR_DIR / "media"))).resolve()
# What people send with their answers: served by no web server, only by views that ask who may see it.
FILES_ROOT = Path(env.text("FILES_ROOT", str(VAR_DIR / "files"))).resolve()
# The most that editors may allow for one file. The proxy must let a little more through.
FILE_MEGABYTES = env.integer("FILE_MEGABYTES", 10, least=1)
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "servestatic.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640

# Mail: into files, until a server is named.
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_PORT = env.integer("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.boolean("EMAIL_USE_TLS", True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"no-reply@{_HOST}")

# Words and time ---------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English")), ("gd", _("Gaelic"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
# Django's own Gaelic does not say that digits go in threes.
NUMBER_GROUPING = 3
USE_TZ = True
TIME_ZONE = "Europe/London"

# Who may come in --------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}  # type: ignore[assignment]
LOGIN_URL = WAGTAILADMIN_LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "collaborative.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Accounts are made by administrators, who vouch for the address.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True

# Who may take part, by age: the floors and their sources stand in engagements/ages.py (AGE-1).
ALONE_FROM = env.one_of("ALONE_FROM", (13, 16, 18), "below 13 UK law wants a parent's consent.")
WITH_ADULT_FROM = env.one_of("WITH_ADULT_FROM", (0, 12, 13), "these are the ages that we tell apart.")

# Cookies, headers, policy -----------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
MESSAGE_STORAGE = "django.contrib.messages.storage.fallback.FallbackStorage"
CSRF_TRUSTED_ORIGINS = [BASE_URL] if HTTPS else []
CSRF_FAILURE_VIEW = "collaborative.errors.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = env.integer("HSTS_SECONDS", 365 * 24 * 60 * 60) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Wagtail ----------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = SITE_NAME
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_I18N_ENABLED = False
# One zone: editors share the clock of the service, and browsers do not know every newer zone.
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "avif"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "mp4", "ods", "odt", "pdf", "txt", "xlsx"]
WAGTAILDOCS_DOCUMENT_FORM_BASE = "home.documents.DocumentForm"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAIL_MODERATION_ENABLED = True
# Wagtail would publish the newest draft, whatever the approver looked at.
WAGTAIL_FINISH_WORKFLOW_ACTION = "collaborative.approval.publish_what_was_approved"

# Speed and order --------------------------------------------------------------------------------

# How long a page may stay in the page cache although nothing public changed: "3 days left" ages.
PAGE_CACHE_SECONDS = env.integer("PAGE_CACHE_SECONDS", 60)
PAGE_CACHE_BYTES = env.integer("PAGE_CACHE_BYTES", 64 * 1024 * 1024)
# Parameters that change a page. A request with any other is answered but not kept.
PAGE_CACHE_QUERY = frozenset({"group", "theme", "page", "view", "show", "sort", "status", "who"})

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "warnings": {"class": "logging.StreamHandler", "formatter": "line", "level": "WARNING"},
    },
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # The worker sets its own level; two lines for each of a thousand jobs would bury what matters.
        "django_tasks": {"handlers": ["warnings"], "propagate": False},
    },
}

# How much that is new behind a theme sends its decision back to whoever decided: at least so many responses
# that nobody had seen, and at least so many for each hundred that stood. Why:
# docs/decisions/0051-evidence-moves.md
NEW_EVIDENCE = (5, 10)
