"""What is seen of runs under way: on a terminal one line that changes, elsewhere a line a run."""

import json
import os
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from kompendium.cli import printing
from kompendium.cli.printing import Line, RunProgress
from kompendium.engine import Record, Run, State
from kompendium.engine.warm.link import ADDRESS
from kompendium.facts import Compendium

AddNotebook = Callable[..., Path]


class Clock:
    """A clock that stands still until it is set forward."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def six(clock: Clock) -> RunProgress:
    """Six runs, of which none has begun."""
    return RunProgress(6, clock)


def begin(progress: RunProgress, name: str) -> None:
    progress.started(Run(name, Path(f"{name}.ipynb"), {}, False, 600))


def end(progress: RunProgress, name: str, state: State = State.DONE) -> None:
    record = Record(
        run=name, notebook=f"notebooks/{name}.ipynb", parameters={}, state=State.RUNNING
    )
    progress.ended(record.end(state, 3, "ValueError: galt tall" if state is State.FAILED else ""))


def test_numbers_and_time_left_follow_the_runs(six: RunProgress, clock: Clock) -> None:
    assert six.summary == "0 of 6 done, 0 running"
    begin(six, "a")
    begin(six, "b")
    assert six.summary == "0 of 6 done, 2 running"
    clock.seconds = 10
    end(six, "a")
    begin(six, "c")
    # Three wait, one has as long to go as it takes, one should have ended: forty at two a time.
    assert six.summary == "1 of 6 done, 2 running, about 20 s left"
    clock.seconds = 14
    assert six.summary == "1 of 6 done, 2 running, about 18 s left"
    end(six, "b", State.FAILED)
    assert six.summary == "1 of 6 done, 1 running, 1 failed, about 22 s left"
    clock.seconds = 1000
    end(six, "c")
    assert six.summary == "2 of 6 done, 0 running, 1 failed, about 8 min 27 s left"


def test_the_last_run_is_not_said_to_end_before_it_can(six: RunProgress, clock: Clock) -> None:
    for name in "abcde":
        begin(six, name)
        clock.seconds += 8
        end(six, name)
    begin(six, "f")
    clock.seconds += 2
    assert six.summary == "5 of 6 done, 1 running, about 6 s left"
    clock.seconds += 60
    assert six.summary == "5 of 6 done, 1 running"
    end(six, "f")
    assert six.summary == "6 of 6 done, 0 running"


def test_where_there_is_no_terminal_each_run_has_a_plain_line(
    six: RunProgress,
    clock: Clock,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(printing, "messages", Console(stderr=True, force_terminal=False))
    for name, state in (("a", State.DONE), ("b", State.FAILED)):
        begin(six, name)
        end(six, name, state)
    assert capsys.readouterr().err.splitlines() == [
        "✓ a  0.0 s  (1 of 6 done, 0 running)",
        "✗ b  0.0 s  (1 of 6 done, 0 running, 1 failed)",
        "  failed in cell 3: ValueError: galt tall",
    ]


def test_a_narrow_terminal_cuts_names_and_no_numbers(six: RunProgress, clock: Clock) -> None:
    for name in "abcde":
        begin(six, f"kommuneundersokelsen-{name}")
    clock.seconds = 5
    end(six, "kommuneundersokelsen-a")
    console = Console(width=70, force_terminal=True, color_system=None, legacy_windows=False)
    with console.capture() as captured:
        console.print(six.bar)
    (line,) = captured.get().splitlines()
    assert line.rstrip() == f"{'━' * 3}{'─' * 17} 1 of 6 done, 4 running, about 1 s left  kommuneu…"
    assert isinstance(six.bar.columns[0], Line)


TERMINAL = """\
import os, signal, sys
os.login_tty(int(sys.argv[1]))
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.argv = ['kompendium', 'build', '--no-publish', '--jobs', '1']
from kompendium.cli import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_ctrl_c_on_a_terminal_keeps_what_was_finished_and_exits_with_130(
    book: Compendium, add_notebook: AddNotebook, kernels: str
) -> None:
    begun = book.root / "begun"
    add_notebook("a", "print('ferdig')")
    add_notebook("sen", f"import time\nopen(r'{begun}', 'w').close()\ntime.sleep(600)")
    add_notebook("senere", "print('aldri begynt')")
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (40, 110))
    process = subprocess.Popen(
        [sys.executable, "-c", TERMINAL, str(theirs)],
        env=os.environ | {"TERM": "xterm", ADDRESS: kernels or str(book.root)},
        pass_fds=[theirs],
    )
    os.close(theirs)
    shown, stopped, deadline = b"", False, time.monotonic() + 120
    while time.monotonic() < deadline:
        if not stopped and begun.exists():
            stopped = bool(os.write(ours, b"\x03"))
        if not select.select([ours], [], [], 0.05)[0]:
            continue
        try:
            shown += os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
    assert process.wait(60) == 130
    os.close(ours)
    told = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown.decode())
    assert re.search(r"━{10}─{10} 2 of 4 done, 1 running, about \d+ s left  sen\b", told)
    assert "Interrupted; what was finished is kept." in told
    assert "Traceback" not in told
    states = {path.stem: json.loads(path.read_bytes())["state"] for path in book.runs.iterdir()}
    assert states == {"a": "done", "kapittel": "done", "sen": "interrupted"}
    assert {path.stem for path in book.executed.glob("*.ipynb")} == {"a", "kapittel"}
