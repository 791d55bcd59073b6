"""Typed readers of the environment. A value that cannot be read stops the start and says why.

Every reader also takes NAME_FILE: the path of a file that holds the value, so that secrets can be
mounted as files. An empty value counts as not set.
"""

import os
import secrets
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

LOCK_SECONDS = 10  # that PostgreSQL waits for a row that somebody else holds
YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off"})


def _raw(name: str) -> str:
    path = os.environ.get(f"{name}_FILE", "")
    if not path:
        return os.environ.get(name, "").strip()
    if os.environ.get(name):
        raise ImproperlyConfigured(f"Set {name} or {name}_FILE, not both.")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE={path} cannot be read: {error.strerror}.") from error


def text(name: str, default: str = "") -> str:
    """The value as it stands, or `default`."""
    return _raw(name) or default


def boolean(name: str, default: bool = False) -> bool:
    """1/true/yes/on or 0/false/no/off in any case; anything else raises ImproperlyConfigured."""
    value = _raw(name).lower()
    if not value:
        return default
    if value in YES:
        return True
    if value in NO:
        return False
    raise ImproperlyConfigured(f"{name}={value!r} is neither yes nor no: use 1 or 0.")


def integer(name: str, default: int, *, least: int = 0) -> int:
    """A whole number of at least `least`."""
    value = _raw(name)
    if not value:
        return default
    try:
        number = int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number.") from error
    if number < least:
        raise ImproperlyConfigured(f"{name}={number} is below {least}.")
    return number


def one_of(name: str, choices: tuple[int, ...], why: str) -> int:
    """One of a few whole numbers, the first when it is not set; `why` says why there are no others."""
    number = integer(name, choices[0])
    if number not in choices:
        wanted = ", ".join(map(str, choices))
        raise ImproperlyConfigured(f"{name}={number} must be one of {wanted}: {why}")
    return number


def listing(name: str, default: list[str]) -> list[str]:
    """Parts between commas, without blanks around them or empty parts."""
    parts = [part.strip() for part in _raw(name).split(",")]
    return [part for part in parts if part] or default


def days(name: str) -> list[date]:
    """Days between commas, each as 2026-06-02."""
    try:
        return [date.fromisoformat(part) for part in listing(name, [])]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must hold days such as 2026-06-02 ({error}).") from error


def web_address(name: str, default: str) -> str:
    """An http or https address without a path or a closing slash."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise ImproperlyConfigured(f"{name}={value!r} must look like https://example.org, without a path.")
    return value


def secret_key(path: Path, *, local: bool) -> str:
    """SECRET_KEY; on a local machine one is made at the first run and kept at `path` (mode 600)."""
    value = text("SECRET_KEY")
    if value:
        if len(value) < 50:
            raise ImproperlyConfigured("SECRET_KEY is too short: use 50 characters or more, made at random.")
        return value
    if not local:
        raise ImproperlyConfigured("SECRET_KEY is not set. A site that is not local never makes its own.")
    return kept_secret(path)


def kept_secret(path: Path) -> str:
    """The secret kept at `path`, made at random if there is none. Two processes agree on one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    if not path.exists():
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(60))
        try:
            # A link either appears whole or is refused because another process was first.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="utf-8").strip()


SQLITE_OPTIONS: dict[str, Any] = {
    # A transaction takes the write lock when it begins, so that two that read and then write wait
    # for each other instead of failing (docs/decisions/0002-two-databases.md).
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;"
    " PRAGMA mmap_size=134217728; PRAGMA journal_size_limit=27103364; PRAGMA cache_size=4000;",
}


def database(name: str, *, default_path: Path, base: Path) -> dict[str, Any]:
    """Django's settings for sqlite:///path (relative to `base`) or postgres://user:password@host:port/name.

    PostgreSQL takes ?pool=N (connections per process, default 8; 0 for none) and libpq's own options.
    """
    url = text(name)
    if not url:
        return sqlite(default_path)
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        if not parts.path.strip("/"):
            raise ImproperlyConfigured(f"{name}={url!r} names no file: use sqlite:///var/db.sqlite3.")
        return sqlite(base / unquote(parts.path[1:]))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} must begin with sqlite:/// or postgres://.")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    try:
        pool = int(options.pop("pool", 8))
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} holds a pool or port that is not a whole number.") from error
    # Rather an error that a person can act on than a page that never comes.
    options.setdefault("options", f"-c lock_timeout={LOCK_SECONDS}s")
    if pool:
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        # The pool keeps connections; Django must not keep them as well.
        "CONN_MAX_AGE": 0,
        # After the database restarted, a dead connection of the pool is replaced, not handed out.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def sqlite(path: Path) -> dict[str, Any]:
    """Django's settings for one SQLite file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return {"ENGINE": "collaborative.sqlite", "NAME": str(path), "OPTIONS": dict(SQLITE_OPTIONS)}
