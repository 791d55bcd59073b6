"""The site of browser tests with the board on it."""

from tests.served import *  # noqa: F403
from tests.served import INSTALLED_APPS

INSTALLED_APPS = ["tests.browser.board.apps.BoardConfig", *INSTALLED_APPS]
ROOT_URLCONF = "tests.browser.board.urls"
