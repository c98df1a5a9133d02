"""However a run ends, and in whichever cell: its record is true, and the next build repairs it."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from kompendium.engine import Standing, State, Status, execute, limits, plan, statuses
from kompendium.facts import Compendium

AddNotebook = Callable[..., Path]

CELLS = ("print('en')", "print('to')", "print('tre')")

ENDINGS = {
    State.FAILED: ("raise ValueError('galt tall')", "ValueError: galt tall"),
    State.KERNEL_DIED: ("import os\nos.kill(os.getpid(), 9)", "Kernel died"),
    State.TIMED_OUT: (
        "import pathlib, time\npathlib.Path('../late').touch()\ntime.sleep(600)",
        "not done within the time limit of 500 s",
    ),
    State.OUT_OF_MEMORY: (
        "held = bytearray(700 << 20)\nimport time\ntime.sleep(600)",
        "more than the memory limit of 600 MiB",
    ),
    State.INTERRUPTED: (
        f"import os, signal, time\nos.kill({os.getpid()}, signal.SIGINT)\ntime.sleep(600)",
        "stopped by the user",
    ),
}


@pytest.fixture
def late(compendium: Compendium, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file; while it is there, more time has passed than any run may take."""
    file = compendium.root / "late"
    clock = SimpleNamespace(monotonic=lambda: time.monotonic() + 1000 * file.exists())
    monkeypatch.setattr(limits, "time", clock)
    return file


def only(compendium: Compendium) -> Status:
    (status,) = statuses(plan(compendium), compendium)
    return status


@pytest.mark.parametrize("state", ENDINGS)
@pytest.mark.parametrize(("kernel", "place"), [("warm", 0), ("warm", 1), ("warm", 2), ("cold", 1)])
def test_the_record_is_true_and_the_next_build_repairs_it(
    compendium: Compendium,
    add_notebook: AddNotebook,
    served: None,
    late: Path,
    kernel: str,
    place: int,
    state: State,
) -> None:
    def run() -> None:
        execute(plan(compendium), compendium, kernel=kernel)

    def write(*cells: str) -> None:
        add_notebook("slutt", *cells)
        with (compendium.params / "slutt.yml").open("a", encoding="utf-8") as file:
            file.write("time_limit: 500\nmemory_limit: 600\n")

    write(*CELLS)
    run()
    executed, failed = compendium.executed / "slutt.ipynb", compendium.failed / "slutt.ipynb"
    good = executed.read_bytes()
    source, told = ENDINGS[state]
    write(*CELLS[:place], source, *CELLS[place + 1 :])
    if state is State.INTERRUPTED:
        with pytest.raises(KeyboardInterrupt):
            run()
    else:
        run()
    late.unlink(missing_ok=True)

    status = only(compendium)
    assert status.standing is Standing.FAILED
    record = status.record
    assert record is not None
    assert (record.state, record.cell, record.kernel) == (state, place + 1, kernel)  # 0: heading
    assert record.error.startswith(told)
    assert executed.read_bytes() == good
    cells = [one for one in json.loads(failed.read_bytes())["cells"] if one["cell_type"] == "code"]
    ran = [bool(cell["outputs"]) for cell in cells]
    assert ran[:place] == [True] * place
    assert not any(ran[place + 1 :])
    assert record.cell_seconds[place + 2 :] == (0.0,) * (2 - place)

    write(*CELLS)  # what is undone is as good as it was, and costs no run
    assert only(compendium).fresh
    write(*CELLS[:2], "print('fire')")
    run()
    assert only(compendium).fresh
    assert "fire" in executed.read_text(encoding="utf-8")
    assert not failed.exists()
