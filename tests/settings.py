"""The site's own settings for tests: production behaviour, quick hashes, nothing kept outside var/test."""

import os
from pathlib import Path

KEPT = Path(__file__).resolve().parent.parent / "var" / "test"
KEPT.mkdir(parents=True, exist_ok=True)
for name in (
    "DEMO",
    "DEBUG",
    "DEMO_ANYWHERE",
    "ALLOWED_HOSTS",
    "TRUSTED_PROXIES",
    "EMAIL_HOST",
    "MEDIA_ROOT",
    "FILES_ROOT",
    "FILE_MEGABYTES",
):
    os.environ.pop(name, None)
os.environ["BASE_URL"] = "http://127.0.0.1:8000"
os.environ["VAR_DIR"] = str(KEPT)
os.environ["SECRET_KEY"] = "for-tests-alone-" * 4
os.environ.setdefault("LOG_LEVEL", "WARNING")
# Hints travel through Redis to everyone who listens under the same prefix: to the servers that this process
# starts, and not to another run of the tests on this machine.
_prefix = os.environ.get("REDIS_PREFIX") or f"test{os.getpid()}"
_worker = os.environ.get("PYTEST_XDIST_WORKER", "")
os.environ["REDIS_PREFIX"] = _prefix if _prefix.endswith(_worker) else _prefix + _worker

from collaborative.settings import *  # noqa: E402, F403
from collaborative.settings import CACHES, DATABASES, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = KEPT / "static"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": ["default"]}}
CACHES["default"]["KEY_FUNCTION"] = "tests.database.cache_key"
if "init_command" in DATABASES["default"]["OPTIONS"]:
    # A test database need not survive a power cut.
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
# Test databases are dropped and made anew, which a pool would not notice.
DATABASES["default"]["OPTIONS"].pop("pool", None)
