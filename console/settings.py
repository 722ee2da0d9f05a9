"""Every setting of Landfall, read from the environment once.

`.env.example` lists each variable with its default and one sentence.
"""

import socket
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from console.kit import static_headers
from console.kit.addresses import reachable_names
from console.kit.embedded.urls import celery_broker_url, default_database_url, default_redis_url
from console.kit.logs import logging_settings
from console.kit.mail import mailer
from console.kit.outside_accounts import outside_accounts
from console.kit.sign_up import sign_up

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")

# Where data lives, and whether this is the embedded mode of `make run`.
DATA_DIR = (BASE_DIR / env.str("DATA_DIR", default="var")).resolve()
IS_EMBEDDED = not env.str("DATABASE_URL", default="")
DATABASE_URL = env.str("DATABASE_URL", default="") or default_database_url(DATA_DIR)
REDIS_URL = env.str("REDIS_URL", default="") or default_redis_url(DATA_DIR)

DEBUG = env.bool("DEBUG", default=False)


def _secret_key() -> str:
    """The signing key: given, or the one embedded mode keeps in the data folder.

    Raises ImproperlyConfigured where production is meant (DEBUG=0, or a database of your own) and none is given.
    """
    given: str = env.str("SECRET_KEY", default="")
    if given:
        return given
    kept: Path = DATA_DIR / "secret_key"
    if IS_EMBEDDED and "DEBUG" not in env.ENVIRON and kept.is_file():
        return kept.read_text().strip()
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Set it to 50 or more random characters, or run `make run` without DATABASE_URL and "
        "DEBUG, which makes one and keeps it in the data folder."
    )


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# Addresses. The public ones are what people type and what firmware lines carry.
WEB_HOST = env.str("WEB_HOST", default="127.0.0.1")
WEB_PORT = env.int("WEB_PORT", default=8000)
PUBLIC_URL = env.str("PUBLIC_URL", default="").rstrip("/")
CONSOLE_URL = PUBLIC_URL or f"http://{reachable_names(WEB_HOST)[0]}:{WEB_PORT}"
GATEWAY_HOST = env.str("GATEWAY_HOST", default="127.0.0.1")
GATEWAY_PORT = env.int("GATEWAY_PORT", default=8080)
GATEWAY_TLS_PORT = env.int("GATEWAY_TLS_PORT", default=9443)
GATEWAY_TLS_CERT = env.str("GATEWAY_TLS_CERT", default="")
GATEWAY_TLS_KEY = env.str("GATEWAY_TLS_KEY", default="")
GATEWAY_PUBLIC_HOST = env.str("GATEWAY_PUBLIC_HOST", default="") or reachable_names(GATEWAY_HOST)[0]
GATEWAY_PUBLIC_PORT = env.int("GATEWAY_PUBLIC_PORT", default=0) or GATEWAY_PORT
GATEWAY_PUBLIC_TLS_PORT = env.int("GATEWAY_PUBLIC_TLS_PORT", default=0) or GATEWAY_TLS_PORT
# Health checks ask by loopback, whatever the public names are.
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS += env.list("ALLOWED_HOSTS", default=[]) or [socket.gethostname(), *reachable_names(WEB_HOST)]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL.startswith("https://") else []

# Limits and defaults.
TOKEN_LIFETIME_SECONDS = env.int("TOKEN_LIFETIME_SECONDS", default=15 * 60)
TOKEN_LIFETIME_MAX_SECONDS = env.int("TOKEN_LIFETIME_MAX_SECONDS", default=7 * 24 * 3600)
STATIC_TOKEN_LIFETIME_DAYS = env.int("STATIC_TOKEN_LIFETIME_DAYS", default=30)
TOKEN_OVERLAP_MAX_DAYS = env.int("TOKEN_OVERLAP_MAX_DAYS", default=90)
OPEN_SESSIONS_PER_MEMBER = env.int("OPEN_SESSIONS_PER_MEMBER", default=200)
GRANT_REQUESTS_PER_DAY = env.int("GRANT_REQUESTS_PER_DAY", default=20)
# Batches: devices in one, open sessions that one member's batches may have in all, the largest list that is read.
BATCH_DEVICES_LIMIT = env.int("BATCH_DEVICES_LIMIT", default=500)
BATCH_OPEN_SESSIONS_PER_MEMBER = env.int("BATCH_OPEN_SESSIONS_PER_MEMBER", default=2000)
BATCH_LIST_MAX_BYTES = env.int("BATCH_LIST_MAX_BYTES", default=200_000)
GATEWAY_LOGIN_DEADLINE_SECONDS = env.float("GATEWAY_LOGIN_DEADLINE_SECONDS", default=5.0)
GATEWAY_STORE_TIMEOUT_SECONDS = env.float("GATEWAY_STORE_TIMEOUT_SECONDS", default=4.0)
GATEWAY_SETTLE_SECONDS = env.float("GATEWAY_SETTLE_SECONDS", default=2.0)
GATEWAY_MAX_BODY_BYTES = env.int("GATEWAY_MAX_BODY_BYTES", default=4096)
GATEWAY_MESSAGES_PER_SECOND = env.int("GATEWAY_MESSAGES_PER_SECOND", default=50)
GATEWAY_EVENTS_PER_SECOND = env.float("GATEWAY_EVENTS_PER_SECOND", default=1.0)
GATEWAY_CONNECTIONS_PER_ADDRESS = env.int("GATEWAY_CONNECTIONS_PER_ADDRESS", default=2000)
GATEWAY_MAX_CONNECTIONS = env.int("GATEWAY_MAX_CONNECTIONS", default=20_000)
GATEWAY_REFUSALS_PER_MINUTE = env.int("GATEWAY_REFUSALS_PER_MINUTE", default=120)
GATEWAY_CHECKS_PER_MINUTE = env.int("GATEWAY_CHECKS_PER_MINUTE", default=6)
GATEWAY_METRICS_PORT = env.int("GATEWAY_METRICS_PORT", default=0)
GATEWAY_DRAIN_SECONDS = env.float("GATEWAY_DRAIN_SECONDS", default=5.0)
TIMELINE_RETENTION_DAYS = env.int("TIMELINE_RETENTION_DAYS", default=90)
READINGS_RETENTION_DAYS = env.int("READINGS_RETENTION_DAYS", default=30)
AUDIT_RETENTION_DAYS = env.int("AUDIT_RETENTION_DAYS", default=365)
REFUSED_LOGINS_KEPT = env.int("REFUSED_LOGINS_KEPT", default=10_000)
FAILED_CONNECTIONS_KEPT = env.int("FAILED_CONNECTIONS_KEPT", default=10_000)
# What is said or pasted about a session: bytes of one text, and pieces kept for one session (the newest).
EVIDENCE_MAX_BYTES = env.int("EVIDENCE_MAX_BYTES", default=65_536)
EVIDENCE_KEPT_PER_SESSION = env.int("EVIDENCE_KEPT_PER_SESSION", default=20)
VIRTUAL_DEVICES_LIMIT = env.int("VIRTUAL_DEVICES_LIMIT", default=50)
WEBHOOKS_PER_TEAM = env.int("WEBHOOKS_PER_TEAM", default=20)
WEBHOOK_TIMEOUT_SECONDS = env.float("WEBHOOK_TIMEOUT_SECONDS", default=10.0)
WEBHOOK_LOG_DAYS = env.int("WEBHOOK_LOG_DAYS", default=30)
WEBHOOK_ALLOW_PRIVATE = env.bool("WEBHOOK_ALLOW_PRIVATE", default=False)
SESSION_MAIL_AFTER_SECONDS = env.int("SESSION_MAIL_AFTER_SECONDS", default=60)
BOARD_SETUP_URL = env.str("BOARD_SETUP_URL", default="http://192.168.4.1").rstrip("/")
PAGE_SIZE = env.int("PAGE_SIZE", default=50)
TEMPLATE_DATASTREAMS_LIMIT = env.int("TEMPLATE_DATASTREAMS_LIMIT", default=256)
TEMPLATE_EVENTS_LIMIT = env.int("TEMPLATE_EVENTS_LIMIT", default=100)
TEMPLATE_IMPORT_MAX_BYTES = env.int("TEMPLATE_IMPORT_MAX_BYTES", default=200_000)
# One form holds all datastreams (six fields each) and events (three) of a template, and a little more.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000 + 6 * TEMPLATE_DATASTREAMS_LIMIT + 3 * TEMPLATE_EVENTS_LIMIT
POLL_SECONDS = env.float("POLL_SECONDS", default=0.5)
INVITATION_LIFETIME_DAYS = env.int("INVITATION_LIFETIME_DAYS", default=7)
WAITING_INVITATIONS_PER_TEAM = env.int("WAITING_INVITATIONS_PER_TEAM", default=200)
TEAMS_PER_PERSON = env.int("TEAMS_PER_PERSON", default=50)
API_KEY_LIFETIME_DAYS = env.int("API_KEY_LIFETIME_DAYS", default=90)
API_KEYS_PER_MEMBER = env.int("API_KEYS_PER_MEMBER", default=100)
API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", default=600)
SIGN_IN_WINDOW_SECONDS = env.int("SIGN_IN_WINDOW_SECONDS", default=300)
SIGN_IN_FAILURES_PER_ACCOUNT = env.int("SIGN_IN_FAILURES_PER_ACCOUNT", default=5)
SIGN_IN_FAILURES_PER_ADDRESS = env.int("SIGN_IN_FAILURES_PER_ADDRESS", default=50)
PASSWORD_RESET_WINDOW_SECONDS = env.int("PASSWORD_RESET_WINDOW_SECONDS", default=900)
PASSWORD_RESETS_PER_ACCOUNT = env.int("PASSWORD_RESETS_PER_ACCOUNT", default=5)
PASSWORD_RESETS_PER_ADDRESS = env.int("PASSWORD_RESETS_PER_ADDRESS", default=50)
API_REQUESTS_PER_MINUTE_PER_ACCOUNT = env.int("API_REQUESTS_PER_MINUTE_PER_ACCOUNT", default=1200)
API_REQUESTS_PER_MINUTE_PER_ADDRESS = env.int("API_REQUESTS_PER_MINUTE_PER_ADDRESS", default=3000)
SESSIONS_PER_MINUTE_PER_ACCOUNT = env.int("SESSIONS_PER_MINUTE_PER_ACCOUNT", default=120)
SESSIONS_PER_MINUTE_PER_KEY = env.int("SESSIONS_PER_MINUTE_PER_KEY", default=120)
SESSIONS_PER_MINUTE_PER_ADDRESS = env.int("SESSIONS_PER_MINUTE_PER_ADDRESS", default=300)
INVITATIONS_PER_HOUR_PER_ACCOUNT = env.int("INVITATIONS_PER_HOUR_PER_ACCOUNT", default=60)
INVITATIONS_PER_HOUR_PER_KEY = env.int("INVITATIONS_PER_HOUR_PER_KEY", default=60)
INVITATIONS_PER_HOUR_PER_ADDRESS = env.int("INVITATIONS_PER_HOUR_PER_ADDRESS", default=200)
GRANT_REQUESTS_PER_HOUR_PER_ACCOUNT = env.int("GRANT_REQUESTS_PER_HOUR_PER_ACCOUNT", default=30)
GRANT_REQUESTS_PER_HOUR_PER_KEY = env.int("GRANT_REQUESTS_PER_HOUR_PER_KEY", default=30)
GRANT_REQUESTS_PER_HOUR_PER_ADDRESS = env.int("GRANT_REQUESTS_PER_HOUR_PER_ADDRESS", default=100)
SKETCH_MAX_BYTES = env.int("SKETCH_MAX_BYTES", default=1_000_000)
DATA_UPLOAD_MAX_MEMORY_SIZE = env.int("UPLOAD_MAX_BYTES", default=2_500_000)
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# Accounts elsewhere that people may sign in with: those whose variables are set, none by default.
OUTSIDE_ACCOUNTS = outside_accounts(env)

INSTALLED_APPS = [
    "console.kit",
    "console.teams",
    "templates_app",
    "devices",
    "console.pages",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    *OUTSIDE_ACCOUNTS.apps,
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_structlog",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "devices.views.quiet.QuietPollMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "console.kit.origin.OriginMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "console.teams.refusals.RefusalMiddleware",
    "console.kit.error_pages.TooOftenMiddleware",
]

ROOT_URLCONF = "console.urls"
WSGI_APPLICATION = "console.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "console.teams.context.team",
            ],
        },
    },
]

# PostgreSQL: persistent connections, and bounds so that a hung server costs seconds, not workers.
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
DATABASES["default"] |= {
    "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
    "CONN_HEALTH_CHECKS": True,
}
DATABASES["default"].setdefault("OPTIONS", {})
DATABASES["default"]["OPTIONS"] |= {
    "connect_timeout": 3,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
    "options": "-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000",
}

CACHES = {
    "default": {
        "BACKEND": "console.kit.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "landfall",
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    }
}

# Celery: work that must happen is found in PostgreSQL by the schedule below; the queue only makes it prompt.
CELERY_BROKER_URL = celery_broker_url(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": "landfall:celery:",
    "visibility_timeout": 300,
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 100
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "expire overdue sessions": {"task": "devices.expire_sessions", "schedule": 10.0, "options": {"expires": 30}},
    "retire rotated tokens": {"task": "devices.retire_tokens", "schedule": 10.0, "options": {"expires": 30}},
    "turn silent devices offline": {"task": "devices.mark_silent", "schedule": 10.0, "options": {"expires": 30}},
    "send webhooks": {"task": "devices.send_webhooks", "schedule": 5.0, "options": {"expires": 15}},
    "write to owners of sessions": {"task": "devices.mail_owners", "schedule": 15.0, "options": {"expires": 60}},
    "send mail about grants": {"task": "devices.send_grant_mail", "schedule": 5.0, "options": {"expires": 15}},
    "count days for the funnel": {"task": "devices.seal_days", "schedule": 3600.0, "options": {"expires": 3600}},
    "trim old rows": {"task": "devices.trim", "schedule": 3600.0, "options": {"expires": 3600}},
    "make partitions": {"task": "devices.make_partitions", "schedule": 6 * 3600.0, "options": {"expires": 3600}},
}

# Sign-in.
AUTH_USER_MODEL = "teams.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "overview"
ACCOUNT_ADAPTER = "console.teams.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "console.teams.account_forms.LoginForm",
    "signup": "console.teams.account_forms.SignupForm",
    "add_email": "console.teams.account_forms.AddEmailForm",
    "change_password": "console.teams.account_forms.ChangePasswordForm",
    "set_password": "console.teams.account_forms.SetPasswordForm",
    "reset_password": "console.teams.account_forms.ResetPasswordForm",
    "reset_password_from_key": "console.teams.account_forms.ResetPasswordKeyForm",
    "reauthenticate": "console.teams.account_forms.ReauthenticateForm",
}
MFA_ADAPTER = "console.teams.factor_adapter.FactorAdapter"
MFA_FORMS = {
    "authenticate": "console.teams.factor_forms.AuthenticateForm",
    "reauthenticate": "console.teams.factor_forms.ReauthenticateForm",
    "activate_totp": "console.teams.factor_forms.ActivateTOTPForm",
    "deactivate_totp": "console.teams.factor_forms.DeactivateTOTPForm",
    "add_webauthn": "console.teams.factor_forms.AddWebAuthnForm",
    "edit_webauthn": "console.teams.factor_forms.EditWebAuthnForm",
    "authenticate_webauthn": "console.teams.factor_forms.AuthenticateWebAuthnForm",
    "reauthenticate_webauthn": "console.teams.factor_forms.ReauthenticateWebAuthnForm",
    "login_webauthn": "console.teams.factor_forms.LoginWebAuthnForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Landfall"
# A clock may be half a minute wrong, and typing takes time; no code counts twice (console.teams.actions.factors).
MFA_TOTP_TOLERANCE = 1
SOCIALACCOUNT_ADAPTER = "console.teams.outside_adapter.OutsideAdapter"
SOCIALACCOUNT_FORMS = {"signup": "console.teams.account_forms.OutsideSignupForm"}
SOCIALACCOUNT_PROVIDERS = OUTSIDE_ACCOUNTS.providers
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = env.str("EMAIL_VERIFICATION", default="optional")
# With addresses that nobody has to confirm, a second factor may be set up without one, too.
MFA_ALLOW_UNVERIFIED_EMAIL = ACCOUNT_EMAIL_VERIFICATION == "none"
ACCOUNT_RATE_LIMITS = {
    "login_failed": (
        f"{SIGN_IN_FAILURES_PER_ADDRESS}/{SIGN_IN_WINDOW_SECONDS}s/ip,"
        f"{SIGN_IN_FAILURES_PER_ACCOUNT}/{SIGN_IN_WINDOW_SECONDS}s/key"
    ),
    "reset_password": (
        f"{PASSWORD_RESETS_PER_ADDRESS}/{PASSWORD_RESET_WINDOW_SECONDS}s/ip,"
        f"{PASSWORD_RESETS_PER_ACCOUNT}/{PASSWORD_RESET_WINDOW_SECONDS}s/key"
    ),
}
ACCOUNT_LOGOUT_REDIRECT_URL = "landing"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Landfall: "
ACCOUNT_SESSION_REMEMBER = True
SIGN_UP = sign_up(env.str("SIGN_UP", default="open"))

# The account that the first run makes; without a password one is generated and printed once.
DEVELOPER_EMAIL = env.str("DEVELOPER_EMAIL", default="developer@landfall.local")
DEVELOPER_PASSWORD = env.str("DEVELOPER_PASSWORD", default="")

# Mail: printed in the web process's log unless a server is named.
MAILERS = {"default": mailer(env.str("EMAIL_URL", default="console:"))}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Landfall <landfall@localhost>")

# Pages.
LANGUAGE_CODE = "en-gb"
USE_I18N = False
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = Path(
    env.str("STATIC_ROOT", default="") or (DATA_DIR / "static" if IS_EMBEDDED else BASE_DIR / "staticfiles")
)
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_ADD_HEADERS_FUNCTION = static_headers.add
# Compressing takes half a minute, which only pages that travel over a network earn back.
STATIC_STORAGE = (
    "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    if IS_EMBEDDED
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATIC_STORAGE},
}
SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    # A form's redirect counts as where it goes: signing in elsewhere begins with a form.
    "form-action": [CSP.SELF, *OUTSIDE_ACCOUNTS.origins],
    "frame-ancestors": [CSP.NONE],
}
IS_HTTPS = PUBLIC_URL.startswith("https://")
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
SECURE_SSL_REDIRECT = IS_HTTPS
# Browsers hand out passkeys over HTTPS and, for trying things out, at http://localhost.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS and env.bool("HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = SECURE_HSTS_INCLUDE_SUBDOMAINS
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = False
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# API.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["console.teams.api_auth.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["console.teams.api_auth.KeyMayLook"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["console.kit.throttling.CallThrottle"],
    "EXCEPTION_HANDLER": "console.kit.api_errors.exception_handler",
    "DEFAULT_VERSIONING_CLASS": None,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Landfall API",
    "DESCRIPTION": "Templates, provisioning sessions, devices, timelines and readings of your team.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "AuditArea": "console.pages.audit.api.AREAS",
        "RoleEnum": "devices.api.people_serializers.ROLES",
        "InvitationState": "devices.api.people_serializers.INVITATION_STATES",
        "SessionState": "devices.api.session_serializers.SESSION_STATES",
        "OnlineState": "devices.api.device_serializers.ONLINE_STATES",
        "RouteEnum": "devices.api.session_serializers.ROUTES",
        "StepReached": "devices.api.session_serializers.STEPS_REACHED",
        "FunnelDimension": "devices.api.funnel_views.DIMENSIONS",
        "KeyPermission": "console.teams.api.key_serializers.PERMISSIONS",
        "KeyState": "console.teams.api.key_serializers.KEY_STATES",
        "StepKind": "devices.api.session_serializers.STEP_KINDS",
        "EventKind": "devices.api.device_serializers.EVENT_KINDS",
        "DriftKind": "devices.api.device_serializers.DRIFTS",
        "DriftFilter": "devices.api.device_serializers.DRIFT_FILTERS",
        "LibraryVersion": "templates_app.api.firmware_serializers.VERSIONS",
        "CheckStepState": "templates_app.api.firmware_serializers.STEP_STATES",
        "GenerationEnum": "templates_app.api.boards.GENERATIONS",
        "BoardEnum": "templates_app.boards.CHOICES",
        "ValueKind": "templates_app.api.stream_serializers.VALUE_KINDS",
        "NewRoute": "devices.api.session_serializers.NEW_ROUTES",
        "TokenState": "devices.api.token_views.TOKEN_STATES",
        "RefusalReason": "devices.api.refused_views.REFUSALS",
        "SeverityEnum": "console.kit.api_schema.SEVERITIES",
        "EventSeverity": "templates_app.api.stream_serializers.EVENT_SEVERITIES",
    },
}

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOG_FORMAT = env.str("LOG_FORMAT", default="console")
LOGGING = logging_settings(level=LOG_LEVEL, style=LOG_FORMAT)
