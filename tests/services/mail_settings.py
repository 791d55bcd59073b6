"""Settings of a process that sends mail into a folder, as a site does that has no mail server yet."""

import os

from tests.served import *  # noqa: F403

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = os.environ["MAIL_FOLDER"]
