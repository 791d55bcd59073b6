"""Workers are killed while they send: every message goes out; one that was under way is known as one."""

import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from collaborative import outbox
from collaborative.models import Message
from collaborative.threads.actions import mailing
from tests.database import ROOT
from tests.threads import talking

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
REPLIES, KILLS = 60, 5
WORK = "from collaborative import outbox\nwhile outbox.sweep(): pass"
MESSAGE_ID = re.compile(r"^Message-ID: (.+)$", re.M)


def worker(url: str, folder: Path) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.services.mail_settings",
        "DATABASE_URL": url,
        "MAIL_FOLDER": str(folder),
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", WORK], cwd=ROOT, env=environment
    )


def sent(folder: Path) -> Counter[str]:
    return Counter(found for file in folder.glob("*.log") for found in MESSAGE_ID.findall(file.read_text()))


def test_killed_workers_lose_nothing(
    django_db_setup: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread, user = talking.thread(), talking.person_of("Ann")
    comment = talking.shown(thread, "What about the boats?", user=user)
    mailing.subscribe(thread, "replies", voice=comment.voice, user=user)
    # Nobody sends from this process: the rows stand, as after a crash between commit and queue.
    monkeypatch.setattr(outbox, "deliver", SimpleNamespace(enqueue=lambda key: None))
    for number in range(REPLIES):
        talking.shown(thread, f"Reply number {number}.", parent=comment)
    assert Message.objects.filter(state="waiting").count() == REPLIES
    connection.close()
    for _turn in range(KILLS):
        first, second = worker(django_db_setup.url, tmp_path), worker(django_db_setup.url, tmp_path)
        before = sum(sent(tmp_path).values())
        deadline = time.monotonic() + 60
        while sum(sent(tmp_path).values()) < before + 3 and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(random.random() / 20)
        for each in (first, second):
            each.kill()
            each.wait()
        # What they had taken is free again after ten minutes, which nobody waits for here.
        Message.objects.filter(state="waiting").update(claimed_until=None)
        connection.close()
    worker(django_db_setup.url, tmp_path).wait(120)
    found = sent(tmp_path)
    wanted = {f"<outbox-{pk}@127.0.0.1>" for pk in Message.objects.values_list("pk", flat=True)}
    assert set(found) == wanted and len(wanted) == REPLIES
    assert Message.objects.filter(state="sent").count() == REPLIES
    # Killed between the yes of the mail server and our note of it: once more, under the same id.
    assert sum(found.values()) - REPLIES <= 2 * KILLS
