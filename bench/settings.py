"""The site's own settings; only the files it makes go where the bench's other files are."""

from collaborative.settings import *  # noqa: F403
from collaborative.settings import VAR_DIR

ROOT_URLCONF = "bench.urls"
STATIC_ROOT = VAR_DIR / "static"
