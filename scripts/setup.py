"""Installs what the site (`run`) or its tests (`dev`) need. Does nothing that is already done.

Runs on the machine's own Python with nothing installed, so: standard library only.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
VENDOR = ROOT / "static" / "vendor"


def say(text: str) -> None:
    print(f"· {text}", flush=True)


def stop(text: str) -> None:
    sys.exit(f"\nSet-up stopped: {text}\n")


def run(*command: str, quiet: bool = False) -> bool:
    output = subprocess.DEVNULL if quiet else None
    return subprocess.run(command, cwd=ROOT, check=False, stdout=output, stderr=output).returncode == 0


def digest(*files: Path) -> str:
    total = hashlib.sha256()
    for file in files:
        total.update(file.read_bytes())
    return total.hexdigest()


def fresh(stamp: Path, wanted: str) -> bool:
    return stamp.is_file() and stamp.read_text() == wanted


def as_root() -> list[str] | None:
    """How this user runs a command as root: directly, by sudo without a password, or (None) not at all."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and run("sudo", "-n", "true", quiet=True):
        return ["sudo", "-n"]
    return None


def apt_install(package: str) -> bool:
    """Install one Debian package where there is apt-get and this user may."""
    prefix = as_root()
    if prefix is None or not shutil.which("apt-get"):
        return False
    say(f"installing {package} from the system's packages")
    quietly = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    run(*quietly, "update", quiet=True)
    return run(*quietly, "install", "-y", "--no-install-recommends", package, quiet=True)


def find_uv() -> str | None:
    own = VENV / "bin" / "uv"
    return shutil.which("uv") or (str(own) if own.exists() else None)


def make_venv() -> None:
    if PYTHON.exists():
        return
    say("making the virtual environment")
    make = [sys.executable, "-m", "venv", str(VENV)]
    if run(*make, quiet=True):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    uv = find_uv()
    if uv and run(uv, "venv", "--quiet", "--python", sys.executable, str(VENV)):
        return
    # Debian keeps venv in a package of its own.
    if apt_install("python3-venv") and run(*make):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    stop("Python cannot make a virtual environment here. On Debian: apt-get install python3-venv")


def install(*names: str) -> None:
    """Install the last of `names`; it holds all that the ones before it hold."""
    stamps = {VENV / f".installed-{name}": digest(ROOT / name) for name in names}
    if all(fresh(stamp, wanted) for stamp, wanted in stamps.items()):
        return
    name = names[-1]
    say(f"installing {name} (the first time takes a minute)")
    uv = find_uv()
    by_uv = uv and run(
        uv, "pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes", "-r", name
    )
    if not by_uv:
        pip = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        if not run(*pip, "--require-hashes", "-r", name):
            stop(f"{name} could not be installed. Is a package registry in reach?")
    for stamp, wanted in stamps.items():
        stamp.write_text(wanted)


def front_end() -> None:
    lock, copy = ROOT / "package-lock.json", ROOT / "scripts" / "frontend.mjs"
    wanted = digest(lock, copy)
    stamp = VENDOR / ".installed"
    if fresh(stamp, wanted):
        return
    if not shutil.which("npm") or not shutil.which("node"):
        stop("node and npm are needed for the front-end packages: Node.js 20 or newer.")
    say("fetching the front-end packages")
    if not run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"):
        stop("npm could not fetch the front-end packages. Is a package registry in reach?")
    if not run("node", "scripts/frontend.mjs"):
        stop("the front-end packages could not be copied.")
    stamp.write_text(wanted)


def main(what: str) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036
        found = sys.version.split()[0]
        stop(f"Python 3.11 or newer is needed; this is {found}. Name another: make run PYTHON=python3.11")
    make_venv()
    install("requirements.txt", *(["requirements-dev.txt"] if what == "dev" else []))
    front_end()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "run")
