"""Each test has a folder of its own for what people send."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def a_folder_of_its_own(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"
