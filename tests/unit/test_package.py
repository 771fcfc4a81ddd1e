"""What an installed package carries."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOOL = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]


def test_every_package_is_listed_and_the_prompts_travel_with_it():
    folders = {".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "empathy").rglob("__init__.py")}
    assert set(TOOL["packages"]) == folders | {"empathy.prompts"}
    assert TOOL["package-dir"] == {"empathy.prompts": "prompts"}


def test_every_file_of_data_is_matched_by_a_pattern():
    for package, folder in (("empathy", ROOT / "empathy"), ("empathy.prompts", ROOT / "prompts")):
        carried = {path for pattern in TOOL["package-data"][package] for path in folder.glob(pattern)}
        wanted = {path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")}
        assert wanted <= carried, wanted - carried
