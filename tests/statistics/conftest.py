"""The small survey of ``tests/surveys``, for what is computed on respondents."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from kompendium.facts import Compendium
from kompendium.surveys import Codebook, codebook

ROOT = Path(__file__).parents[2]
MINI = ROOT / "tests" / "surveys" / "mini"


@pytest.fixture
def put_survey(compendium: Compendium) -> Callable[..., Codebook]:
    """Put the small survey in place, with some of its published wordings changed."""

    def put(changes: Mapping[str, str] | None = None) -> Codebook:
        text = (MINI / "findings.yml").read_text(encoding="utf-8")
        for old, new in (changes or {}).items():
            assert f'"{old}"' in text
            text = text.replace(f'"{old}"', f'"{new}"')
        (compendium.findings / "mini.yml").write_text(text, encoding="utf-8")
        (compendium.surveys / "mini").mkdir()
        shutil.copy(MINI / "codebook.yml", compendium.surveys / "mini")
        return codebook("mini")

    return put


@pytest.fixture
def mini(put_survey: Callable[..., Codebook]) -> Codebook:
    """The codebook of the small survey, with its findings in place."""
    return put_survey()


@pytest.fixture
def published(compendium: Compendium) -> Compendium:
    """The project's own findings and codebooks, without any respondents that may lie there."""
    shutil.rmtree(compendium.findings)
    shutil.copytree(ROOT / "data" / "findings", compendium.findings)
    for path in (ROOT / "data" / "surveys").glob("*/codebook.yml"):
        (compendium.surveys / path.parent.name).mkdir()
        shutil.copy(path, compendium.surveys / path.parent.name)
    return compendium
