"""Settings of the server that browser tests walk through: a demonstration site with hashed static files."""

import os

from tests.settings import *  # noqa: F403
from tests.settings import CACHES, STORAGES

STORAGES["staticfiles"] = {"BACKEND": "servestatic.storage.CompressedManifestStaticFilesStorage"}
DEMO = True


def cache_key(key: str, prefix: str, version: int) -> str:
    """As `tests.database.cache_key`, in a process that outlives a test: what one test posted must not count
    against the next. Each test touches the file."""
    since = os.environ.get("CACHES_SINCE", "")
    return f"{prefix}:served{os.getpid()}:{os.stat(since).st_mtime_ns if since else 0}:{version}:{key}"


CACHES["default"]["KEY_FUNCTION"] = cache_key
