"""Runs sent to a real scheduler and real workers, on loopback: the same outputs as here."""

import json
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kompendium.engine import Record, State, execute, plan, statuses
from kompendium.engine.cluster import ClusterError
from kompendium.engine.cluster.cluster import Cluster
from kompendium.engine.cluster.parcel import pack
from kompendium.engine.leaks import leaks
from kompendium.facts import Compendium
from kompendium.notebook.guarding import NOTICE
from tests.conftest import build
from tests.engine.machines import HOST, Machines, executed, running, sent
from tests.surveys.withholding import BARE, SHARE, TABLE, answered

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="workers are of POSIX systems")

AddNotebook = Callable[..., Path]

FIGURE = """\
import numpy as np
import seaborn as sns
from kompendium.facts import frame
from kompendium.notebook import figure, style
style()
print(len(frame(2019)), list({'å', 'b', 'c'}), størst)
figure(sns.barplot(x=['a', 'b'], y=np.random.default_rng(1).random(2)), caption='c', alt='a')
"""

DECLARED = """\
  størst:
    type: number
    default: 0.5
    minimum: 0
    maximum: 1
    help: {nb: Noe, en: Something}
"""


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """Two workers that every test leaves as they are."""
    with running(tmp_path_factory.mktemp("dask")) as machines:
        machines.have(2)
        yield machines


def known(compendium: Compendium, records: list[Record]) -> list[Any]:
    """All that is to be the same wherever runs are executed: notebooks, records, failures."""
    failed = [json.loads(path.read_bytes()) for path in sorted(compendium.failed.iterdir())]
    cells = [cell for notebook in failed for cell in notebook["cells"]]
    shown = [(cell["source"], json.dumps(cell.get("outputs"))) for cell in cells]
    made = [(one.good, one.attempted, one.packages, one.parameters) for one in records]
    told = [(one.state, one.cell, one.error, one.traceback) for one in records]
    return [executed(compendium), shown, made, told]


def test_here_and_there_give_the_same(
    compendium: Compendium, add_notebook: AddNotebook, machines: Machines
) -> None:
    """Also of FIXTURE respondents, where they are sent: what is withheld here is so there."""
    answered(compendium)
    add_notebook("figur", FIGURE, parameters="størst = 0.5", declared=DECLARED)
    add_notebook("naken", BARE)
    add_notebook("tabell", TABLE)
    add_notebook("andel", SHARE)
    add_notebook("feil", "print('før')", "1 / 0", "print('etter')")
    add_notebook("roper", f"{BARE}\nraise ValueError(answers.codes.to_csv())")
    records = execute(plan(compendium), compendium, kernel="warm")
    here = known(compendium, records)
    records = sent(compendium, machines, kernel="warm", respondents=True)
    assert {one.kernel for one in records} == {"warm on worker 1", "warm on worker 2"}
    assert known(compendium, records) == here
    assert records == [Record.read(compendium.runs, one.run) for one in records]
    of = {one.run: one for one in records}
    ends = {"feil": State.FAILED, "roper": State.FAILED}
    assert {name: one.state for name, one in of.items()} == dict.fromkeys(of, State.DONE) | ends
    assert [one.run.id for one in statuses(plan(compendium), compendium) if not one.fresh] == [
        *ends
    ]
    goods = {name: one.good for name, one in of.items() if one.good}
    assert goods["naken"].guarded == ("code cell 1",)
    assert goods["tabell"].ledgers["mini"].withheld
    assert {leak.runs for leak in leaks(goods)} == {("andel", "tabell")}
    assert of["roper"].error == "ValueError (withheld: the message may quote respondents)"


def test_a_failed_notebook_is_kept_beside_the_last_good_one(
    compendium: Compendium, add_notebook: AddNotebook, machines: Machines
) -> None:
    add_notebook("a", "print('god')")
    (first,) = sent(compendium, machines)
    good = executed(compendium)
    add_notebook("a", "print('god')", f"open({str(compendium.root / 'ingen')!r})")
    (second,) = sent(compendium, machines)
    assert (second.state, second.cell, second.good) == (State.FAILED, 2, first.good)
    assert "'./ingen'" in second.error
    assert str(compendium.root) not in second.model_dump_json()
    assert executed(compendium) == good
    assert "FileNotFoundError" in (compendium.failed / "a.ipynb").read_text(encoding="utf-8")
    add_notebook("a", "print('god')")
    assert statuses(plan(compendium), compendium)[0].fresh


def test_what_comes_back_as_another_is_not_kept(
    compendium: Compendium,
    add_notebook: AddNotebook,
    machines: Machines,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from distributed import Future

    add_notebook("a", "print('god')")
    (first,) = sent(compendium, machines)
    good, whole = executed(compendium), Future.result

    def damaged(future: Any, *arguments: Any, **named: Any) -> dict[str, Any]:
        result: dict[str, Any] = whole(future, *arguments, **named)
        return result | {"executed": result["executed"][:-1]}

    monkeypatch.setattr(Future, "result", damaged)
    (second,) = sent(compendium, machines)
    assert (second.state, second.error) == (State.FAILED, "its notebook came back as another")
    assert second.good == first.good
    assert executed(compendium) == good


def test_the_command_sends_runs_and_makes_the_register_here(
    compendium: Compendium, add_notebook: AddNotebook, machines: Machines
) -> None:
    add_notebook(
        "a",
        "from kompendium.facts import finding\n"
        "from kompendium.notebook import computed, record\n"
        "record({'prove.svar': computed(0.63, 'register')})",
    )
    done = build(compendium, "--no-publish", "--cluster", machines.address)
    assert done.returncode == 0, done.stderr
    assert "✓ a" in done.stderr
    assert "1 reproduced" in done.stderr
    record = Record.read(compendium.runs, "a")
    assert record is not None
    assert record.kernel.startswith("cold on worker")


def test_no_scheduler_is_told_before_anything_starts(
    compendium: Compendium, add_notebook: AddNotebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_notebook("a", "print('god')")
    monkeypatch.setattr("kompendium.engine.cluster.cluster.CONNECTION", 1)
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind((HOST, 0))
        free = f"{HOST}:{taken.getsockname()[1]}"
        for address in (f"tcp://{free}", f"tls://{free}", f"http://{free}", "ingen adresse"):
            with pytest.raises(ClusterError, match=f"no scheduler at {address}"):
                Cluster(compendium, address).__enter__()
    assert not compendium.runs.exists()


BLOCKED = """\
import os, pathlib
pathlib.Path(os.environ['LOOKED_FOR']).touch()
raise ModuleNotFoundError(__name__)
"""


def test_dask_is_looked_for_only_where_runs_are_to_be_sent(
    compendium: Compendium,
    add_notebook: AddNotebook,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add_notebook("a", "print('god')")
    folder, mark = tmp_path / "without", tmp_path / "mark"
    folder.mkdir()
    for name in ("dask", "distributed"):
        (folder / f"{name}.py").write_text(BLOCKED, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.setenv("LOOKED_FOR", str(mark))
    build(compendium, "--no-publish")
    assert executed(compendium)
    assert not mark.exists()
    done = build(compendium, "--no-publish", "--force", "--cluster", f"tcp://{HOST}:8786")
    assert (done.returncode, mark.exists()) == (2, True)
    assert " ".join(done.stderr.split()) == (
        "--cluster needs Dask: install it with "
        "«pip install --require-hashes -r requirements-test.txt» (docs/cluster.md)"
    )


READING = """\
from pathlib import Path
place = Path('{}/data/surveys/x/respondents.csv')
print(place.read_text() if place.exists() else 'ingen')
"""


@pytest.fixture
def respondents(compendium: Compendium, add_notebook: AddNotebook) -> str:
    """Real answers, two runs that read them and two that do not; gives the answers."""
    secret = "enhet;svar\n0301;1\n"
    folder = compendium.surveys / "x"
    folder.mkdir()
    (folder / "respondents.csv").write_text(secret, encoding="utf-8")
    add_notebook("andre", "print('god')")
    add_notebook("leser", READING.format(".."))
    add_notebook("respondents", "print('god')")  # by its name, one may think
    add_notebook("utenfra", READING.format(compendium.root))
    return secret


def assert_guarded(compendium: Compendium, name: str, secret: str) -> None:
    """What a run printed of respondents has been taken out, and its record says where."""
    record = Record.read(compendium.runs, name)
    assert record is not None
    assert record.good is not None
    assert record.good.guarded == ("code cell 1",)
    shown = executed(compendium)[f"{name}.ipynb"].decode()
    assert NOTICE in shown
    assert not any(line in shown for line in secret.splitlines())


def contains(folder: Path, secret: str) -> bool:
    files = (path for path in folder.rglob("*") if path.is_file())
    return any(secret.encode() in path.read_bytes() for path in files)


def test_runs_that_need_respondents_stay_here_and_it_is_said(
    compendium: Compendium, respondents: str, machines: Machines
) -> None:
    told: list[str] = []
    place = "data/surveys/x/respondents.csv"
    why = "run on this machine, as it looks at what was not sent"
    for _ in range(2):  # the second time it is known beforehand
        kernels = {one.run: one.kernel for one in sent(compendium, machines, tell=told.append)}
        assert kernels.pop("andre").startswith("cold on worker")
        assert kernels == dict.fromkeys(("leser", "respondents", "utenfra"), "cold")
        for name in ("leser", "utenfra"):
            assert_guarded(compendium, name, respondents)
        assert sorted(told) == [
            f"leser: {why}: {place}",
            f"respondents: {why}: notebooks/respondents.ipynb",
            f"utenfra: {why}: {place}",
        ]
        told.clear()
    assert not contains(machines.folder, respondents)
    assert all(one.fresh for one in statuses(plan(compendium), compendium))


def test_respondents_that_were_sent_are_forgotten(
    compendium: Compendium, respondents: str, machines: Machines
) -> None:
    with Cluster(compendium, machines.address, respondents=True) as cluster:
        records = cluster.execute(plan(compendium))
        assert contains(machines.folder, respondents)
    assert all(one.kernel.startswith("cold on worker") for one in records)
    assert not contains(machines.folder, respondents)
    for name in ("leser", "utenfra"):
        assert_guarded(compendium, name, respondents)
    assert all(one.fresh for one in statuses(plan(compendium), compendium))


def test_of_data_only_what_is_for_everybody_is_packed_unless_all_is_asked_for(
    compendium: Compendium, add_notebook: AddNotebook
) -> None:
    add_notebook("a")
    compendium.outputs.mkdir()
    compendium.results.write_text("{}", encoding="utf-8")
    for folder in ("data/surveys/x", "data/mine"):
        (compendium.root / folder).mkdir()
    open_to_all = ["data/surveys/x/codebook.yml", "data/mine/tabell.csv", "notebooks/hjelp.py"]
    private = [
        "data/surveys/x/respondents.csv",
        "data/surveys/x/notat.txt",
        "data/eksport.csv",
        "data/mine/svar.sav",
        "notebooks/svar.parquet",
        "params/Respondents.csv",
    ]
    for name in (*open_to_all, *private):
        (compendium.root / name).write_text(name, encoding="utf-8")
    runs = [replace(run, data=("data/mine",)) for run in plan(compendium)]
    without, parcel = pack(compendium, False, runs), pack(compendium, True, runs)
    away = {*private, "outputs/findings.json"}
    assert parcel.contents.keys() - without.contents.keys() == away
    assert {*open_to_all, "data/frames/unit-counts.csv"} <= without.contents.keys()
    assert parcel.private == {parcel.contents[name] for name in away}
    assert not without.private


def test_translated_notebooks_are_packed_where_they_are_run(
    compendium: Compendium, add_notebook: AddNotebook
) -> None:
    place = compendium.translations("en") / "a.ipynb"
    place.parent.mkdir(parents=True)
    add_notebook("a", "print('god')").rename(place)
    add_notebook("a", "print('god')")
    (run,) = plan(compendium)
    name = compendium.relative(place)
    assert name not in pack(compendium, False, [run]).contents
    assert name in pack(compendium, False, [replace(run, notebook=place)]).contents


def test_outputs_kept_in_notebooks_are_not_packed(
    compendium: Compendium, add_notebook: AddNotebook
) -> None:
    path = add_notebook("a", "print('hemmelig' + 'het')")
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][1]["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": ["hemmelighet\n"]}
    ]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    parcel = pack(compendium, True)
    assert b"hemmelighet" not in parcel.read(parcel.contents["notebooks/a.ipynb"])
