"""Readers of the environment: a bad value stops the start and says why."""

import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from collaborative import env


def test_yes_and_no_in_any_case_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    for value, meant in [
        ("1", True),
        ("Yes", True),
        ("TRUE", True),
        ("0", False),
        ("off", False),
        ("", False),
    ]:
        monkeypatch.setenv("X", value)
        assert env.boolean("X") is meant
    monkeypatch.setenv("X", "maybe")
    with pytest.raises(ImproperlyConfigured, match="X='maybe'"):
        env.boolean("X")


def test_whole_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    assert env.integer("X_NOT_SET", 3) == 3
    monkeypatch.setenv("X", "12")
    assert env.integer("X", 3) == 12
    for bad in ("1.5", "ten", "-1"):
        monkeypatch.setenv("X", bad)
        with pytest.raises(ImproperlyConfigured, match="X="):
            env.integer("X", 3)


def test_a_secret_may_be_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "s").write_text("in a file\n")
    monkeypatch.setenv("X_FILE", str(tmp_path / "s"))
    assert env.text("X") == "in a file"
    monkeypatch.setenv("X", "and here")
    with pytest.raises(ImproperlyConfigured, match="not both"):
        env.text("X")
    monkeypatch.delenv("X")
    monkeypatch.setenv("X_FILE", str(tmp_path / "none"))
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        env.text("X")


@pytest.mark.parametrize("bad", ["example.org", "ftp://example.org", "https://example.org/path", "https://"])
def test_web_addresses(monkeypatch: pytest.MonkeyPatch, bad: str) -> None:
    monkeypatch.setenv("X", "https://example.org/")
    assert env.web_address("X", "") == "https://example.org"
    monkeypatch.setenv("X", bad)
    with pytest.raises(ImproperlyConfigured):
        env.web_address("X", "")


def test_a_key_is_made_once_and_for_this_user_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    kept = tmp_path / "var" / "secret_key"
    first = env.secret_key(kept, local=True)
    assert len(first) >= 50
    assert env.secret_key(kept, local=True) == first
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["secret_key"]


def test_a_real_site_never_makes_its_own_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        env.secret_key(tmp_path / "key", local=False)
    assert not (tmp_path / "key").exists()
    monkeypatch.setenv("SECRET_KEY", "short")
    with pytest.raises(ImproperlyConfigured, match="too short"):
        env.secret_key(tmp_path / "key", local=True)


def test_database_addresses(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def read(url: str) -> dict:
        monkeypatch.setenv("X", url)
        return env.database("X", default_path=tmp_path / "default.sqlite3", base=tmp_path)

    assert read("")["NAME"] == str(tmp_path / "default.sqlite3")
    assert read("sqlite:///a.sqlite3")["NAME"] == str(tmp_path / "a.sqlite3")
    assert read("")["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    found = read("postgres://ann:p%40ss@db:5433/walk?pool=3&sslmode=require")
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"]) == (
        *("ann", "p@ss", "db", "5433", "walk"),
    )
    assert found["OPTIONS"]["pool"]["max_size"] == 3
    assert found["OPTIONS"]["sslmode"] == "require"
    assert found["CONN_MAX_AGE"] == 0
    assert "pool" not in read("postgres://db/walk?pool=0")["OPTIONS"]
    for bad in ("mysql://db/walk", "postgres://db/walk?pool=many", "sqlite:///"):
        with pytest.raises(ImproperlyConfigured):
            read(bad)
