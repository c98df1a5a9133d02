"""The checklist is what the page says, counted once, and a spoiled file is refused."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from kompendium.facts import Compendium, reports
from kompendium.facts.checklist import Checklist, Concern, checklist
from kompendium.facts.documents import InputError

REAL = Compendium(Path(__file__).resolve().parents[2])
TEXT = "{nb: tekst, en: text}"
STEP = f"{{id: ett, name: {TEXT}, advice: {TEXT}, concerns: [size], questions: []}}"
SMALL = f"""\
source: {{report: prove, page: page-0}}
levels:
  - {{id: lavt, name: {TEXT}, about: {TEXT}}}
phases:
  - id: en
    name: {TEXT}
    steps:
      - {STEP}
"""


@pytest.fixture
def write(tmp_path: Path) -> Compendium:
    """A compendium with a checklist of one step, which a test may spoil."""
    here = Compendium(tmp_path)
    here.data.mkdir()
    (here.data / "checklist.yml").write_text(SMALL, encoding="utf-8")
    return here


def spoil(compendium: Compendium, old: str, new: str) -> list[str]:
    """Change the text and give the problems that loading it tells."""
    path = compendium.data / "checklist.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as told:
        checklist(compendium=compendium)
    return [f"{problem.line}: {problem.message}" for problem in told.value.problems]


@pytest.fixture(scope="module")
def real() -> Checklist:
    return checklist(compendium=REAL)


def test_every_entry_of_the_file_is_addressed(real: Checklist) -> None:
    with (REAL.data / "checklist.yml").open(encoding="utf-8") as stream:
        raw = YAML(typ="safe").load(stream)
    steps = [f"{phase['id']}.{step['id']}" for phase in raw["phases"] for step in phase["steps"]]
    questions = [
        f"{phase['id']}.{step['id']}.{question['id']}"
        for phase in raw["phases"]
        for step in phase["steps"]
        for question in step["questions"]
    ]
    assert list(real.steps) == steps
    assert list(real.questions) == questions
    assert [level.id for level in real.levels] == [level["id"] for level in raw["levels"]]


def test_the_page_is_a_report_of_the_compendium(
    real: Checklist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOMPENDIUM_ROOT", str(REAL.root))
    assert real.source.report in reports()


def test_every_concern_is_that_of_some_step_and_has_a_word(real: Checklist) -> None:
    for concern in Concern:
        assert real.concerning(concern)
        assert concern.word() != concern.word("en") == concern.value


def test_steps_are_found_by_what_they_concern(write: Compendium) -> None:
    small = checklist(compendium=write)
    assert list(small.concerning(Concern.SIZE)) == ["en.ett"]
    assert small.concerning(Concern.FUNDING) == {}
    assert small.questions == {}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("concerns: [size]", "concerns: [weather]", "8: phases.0.steps.0.concerns.0: Input"),
        ("concerns: [size]", "concerns: [size, size]", "concern «size» stands more than once"),
        ("questions: []", "question: []", "8: phases.0.steps.0.question: Extra inputs"),
        (f"- {STEP}", f"- {STEP}\n      - {STEP}", "step «ett» stands more than once"),
        ("id: en\n", "id: En\n", "5: phases.0.id: String should match"),
        ("source: {report: prove, page: page-0}\n", "", "source: Field required"),
        (f"- {STEP}", "[]", "phases.0.steps: Tuple should have at least 1 item"),
    ],
)
def test_a_mistake_is_told_with_its_place(write: Compendium, old: str, new: str, told: str) -> None:
    assert any(told in problem for problem in spoil(write, old, new))


def test_no_checklist_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        checklist(compendium=Compendium(tmp_path))
