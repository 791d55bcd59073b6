"""Settings of the server that browser tests walk through: a demonstration site with hashed static files."""

from tests.settings import *  # noqa: F403
from tests.settings import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "servestatic.storage.CompressedManifestStaticFilesStorage"}
DEMO = True
