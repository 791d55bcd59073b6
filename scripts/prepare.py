"""Static files, migrations and, in an empty demonstration site, the demonstration set."""

import hashlib
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def say(text: str) -> None:
    print(f"· {text}", flush=True)


def static_fingerprint() -> str:
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted((ROOT / "static").rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(ROOT)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def collect_static() -> None:
    from django.conf import settings
    from django.core.management import call_command

    stamp = settings.VAR_DIR / "static-collected"
    wanted = static_fingerprint()
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    if stamp.is_file() and stamp.read_text() == wanted and manifest.exists():
        return
    say("collecting static files")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)


def migrate() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("migrating the database (the first time takes half a minute)")
    call_command("migrate", interactive=False, verbosity=0)


def load_demo() -> bool:
    """Load the demonstration set into an empty site; True when that was done now."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command, get_commands

    if get_user_model().objects.exists() or "load_demo" not in get_commands():
        return False
    say("loading the demonstration set")
    call_command("load_demo")
    return True


def print_logins(*, loaded_now: bool) -> None:
    from django.conf import settings
    from django.contrib.auth import get_user_model

    people = list(
        get_user_model()
        .objects.filter(email__endswith="@demo.example")
        .prefetch_related("groups")
        .order_by("email")
    )
    if not people:
        return
    print("\n  Demonstration logins (sign in at /accounts/login/):")
    for person in people:
        roles = ", ".join(sorted(group.name for group in person.groups.all())) or "no role"
        print(f"    {person.email:<28} {roles}")
    # load_demo itself shows the password once, when it makes one.
    if os.environ.get("DEMO_PASSWORD"):
        print("    Password for all: the one in DEMO_PASSWORD when the set was loaded")
    elif not loaded_now:
        print(f"    Password for all: in {settings.VAR_DIR / 'demo_password'}")


def print_codes(*, loaded_now: bool) -> None:
    """The codes of the set; the command that loads it has just said them."""
    from django.conf import settings

    kept = settings.VAR_DIR / "demo_codes"
    if kept.exists() and not loaded_now:
        for line in kept.read_text().splitlines():
            print(f"    {line}")


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collaborative.settings")
    django.setup()
    from django.conf import settings

    collect_static()
    migrate()
    if settings.DEMO:
        loaded_now = load_demo()
        print_logins(loaded_now=loaded_now)
        print_codes(loaded_now=loaded_now)
    else:
        from home.tree import lay_out

        lay_out()


if __name__ == "__main__":
    main()
