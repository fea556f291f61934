"""The version is written once for people and once for pip, and both agree."""

import tomllib
from pathlib import Path

import minitf as tf

ROOT = Path(__file__).parent.parent


def test_release_is_the_distributions_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert tf.release == project["version"]


def test_version_is_the_api_that_programs_ask_for():
    assert tf.__version__ == "1.15.0"
