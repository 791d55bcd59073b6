"""Writes requirements*.txt from requirements*.in: exact versions, hashes, no address of any registry."""

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Debian 12 has 3.11.2: some newer packages want a later 3.11 and are left at the version before.
PYTHON_VERSION = "3.11.2"
NAMES = ("requirements", "requirements-dev")


def stamp(name: str) -> str:
    """The first line of a lock file: which .in file it was made from."""
    made_from = hashlib.sha256((ROOT / f"{name}.in").read_bytes()).hexdigest()
    return f"# Made by `make lock` from {name}.in ({made_from})"


def main() -> None:
    for name in NAMES:
        target = ROOT / f"{name}.txt"
        subprocess.run(
            [
                *(str(Path(sys.executable).with_name("uv")), "pip", "compile", "--quiet", "--upgrade"),
                *("--python-version", PYTHON_VERSION, "--generate-hashes", "--no-header"),
                *("--no-emit-index-url", "--no-emit-find-links", f"{name}.in", "--output-file", str(target)),
            ],
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
        target.write_text(f"{stamp(name)}\n{target.read_text()}")
        print(f"{target.name}: {target.read_text().count('==')} packages")


if __name__ == "__main__":
    main()
