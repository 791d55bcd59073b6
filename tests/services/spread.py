"""Settings of web processes that believe the test about where their visitors come from."""

from tests.served import *  # noqa: F403

TRUSTED_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = 1
DEMO = False  # a demonstration site answers this machine alone
