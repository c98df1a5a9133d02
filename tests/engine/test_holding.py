"""What a server of kernels holds: there once a kernel imports it, and not before."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from kompendium.engine.warm import link
from kompendium.facts import Compendium
from tests.conftest import ENVIRONMENT
from tests.engine.test_warm import kernel, run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")

SHELF = {
    "__init__": "from shelf.words import words\n\ndef __getattr__(name):\n    import importlib\n"
    "    if name != 'late':\n        raise AttributeError(name)\n"
    "    return importlib.import_module('shelf.lazy').late\n",
    "words": "import os\nfrom shelf.deep import depth\nmade = os.getpid()\n"
    "def words():\n    return depth\n",
    "deep": "depth = 1\n",
    "lazy": "late = 'given when asked for'\n",
    "user": "from shelf import late\nused = late\n",
    "apart": "import shelf.deep\nread = []\ndef parse():\n    from shelf import parser\n"
    "    return parser.parsed\n",
    "parser": "parsed = 'parsed'\n",
    "unread": "nobody = 'imports this'\n",
    "ready": "import shelf.words, shelf.user, shelf.apart\n"
    "def prepare():\n    shelf.apart.read.append(shelf.apart.parse())\n",
}
"""A package whose modules import each other in every way: one has a function of its own name,
one is given by an attribute when asked for, and one is imported by a function when it is called."""

OWN = "import sys, shelf.words; own = sys.modules['shelf.words']"
"""The module itself: its package has a function by that name."""

LOADED = "import sys; print(*sorted(n for n in sys.modules if n.partition('.')[0] == 'shelf'))"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package that kernels can import."""
    place = tmp_path / "library" / "shelf"
    place.mkdir(parents=True)
    for name, source in SHELF.items():
        (place / f"{name}.py").write_text(source, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(place.parent))
    return place


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., link.Server]]:
    """Start a server from which every kernel of a test is forked."""
    with ExitStack() as closing:

        def started(*preload: str, **named: Any) -> link.Server:
            given = {"environment": os.environ, "cwd": Path.cwd(), "spares": 1} | named
            server = link.Server(preload, **given)
            closing.callback(server.close)
            monkeypatch.setenv(link.ADDRESS, server.address)
            return server

        yield started


@pytest.fixture
def held(shelf: Path, serve: Callable[..., link.Server]) -> link.Server:
    """A server that holds the package."""
    return serve(later=["colorsys"], prepare="shelf.ready")


@pytest.mark.parametrize(
    "statement",
    [
        "import shelf",
        "import shelf.deep",
        "from shelf import words",
        "from shelf.user import used",
        "import shelf.apart",
        "from shelf import late",
        "import shelf.unread",
    ],
)
def test_a_kernel_has_what_it_imports_and_what_that_imported(
    held: link.Server, statement: str
) -> None:
    async def work() -> None:
        async with kernel() as one:
            assert one.provisioner.refused == ""
            assert await one.run(LOADED) == ""
            found = await one.run(f"{statement}\n{LOADED}")
        async with kernel(env=os.environ | {link.ADDRESS: "nowhere"}) as ordinary:
            assert ordinary.provisioner.refused
            expected = await ordinary.run(f"{statement}\n{LOADED}")
        # What was parsed ahead rests on what has parsed it.
        parsed = {"shelf.parser"} if statement == "import shelf.apart" else set()
        assert {*found.split()} == {*expected.split()} | parsed

    run(work)


def test_what_is_held_is_as_it_was_when_it_had_been_executed(held: link.Server) -> None:
    async def work() -> None:
        async with kernel() as one:
            assert await one.run("import os, shelf; print(callable(shelf.words))") == "True"
            assert await one.run("print(shelf.words(), shelf.late)") == "1 given when asked for"
            told = await one.run(f"{OWN}; print(own.__name__, own.made)")
            assert told.split() == ["shelf.words", str(held.process.pid)]
            assert await one.run("print(own.__spec__.origin == own.__file__)") == "True"
            assert await one.run("import shelf.apart as a; print(a.read)") == "['parsed']"

    run(work)


def test_what_one_kernel_does_to_a_module_no_other_sees(held: link.Server) -> None:
    async def work() -> None:
        async with kernel() as one:
            await one.run("import shelf.deep\nshelf.deep.depth = 2\nshelf.apart = 'other'")
        async with kernel() as two:
            assert await two.run("import shelf.deep; print(shelf.deep.depth)") == "1"
            assert await two.run("print(hasattr(shelf, 'apart'))") == "False"

    run(work)


def test_a_module_that_has_changed_is_imported_as_it_is(held: link.Server, shelf: Path) -> None:
    async def work() -> None:
        async with kernel() as one:
            assert await one.run("import shelf.deep; print(shelf.deep.depth)") == "1"
        (shelf / "deep.py").write_text("depth = 22\n", encoding="utf-8")
        async with kernel() as two:
            assert await two.run("import shelf; print(shelf.words())") == "22"
            assert await two.run("import os; print(shelf.words.__globals__['made'])") == str(
                two.provisioner.pid
            )

    run(work)


def test_a_module_can_be_loaded_anew(held: link.Server) -> None:
    async def work() -> None:
        async with kernel() as one:
            await one.run(f"{OWN}; before = own.made; import importlib")
            assert await one.run("print(importlib.reload(own).made == before)") == "False"
            await one.run("import sys; del sys.modules['shelf.deep']")
            assert await one.run("import shelf.deep as new; print(new.depth)") == "1"

    run(work)


def test_nothing_is_held_where_it_cannot_be_prepared(
    shelf: Path, serve: Callable[..., link.Server]
) -> None:
    (shelf / "ready.py").write_text("import shelf.words\ndef prepare(): 1 / 0\n", encoding="utf-8")
    serve(prepare="shelf.ready")

    async def work() -> None:
        async with kernel() as one:
            assert one.provisioner.refused == ""
            assert await one.run(LOADED) == ""
            told = await one.run(f"{OWN}; import os; print(own.made == os.getpid())")
            assert told == "True"

    run(work)


def test_what_one_kernel_imports_the_next_ones_have(held: link.Server) -> None:
    there = "import sys; print('colorsys' in sys.modules)"

    async def work() -> None:
        async with kernel() as one:
            assert await one.run(there) == "False"
            assert await one.run(f"import colorsys\n{there}") == "True"
        async with kernel():
            pass  # forked ahead of the wish
        async with kernel() as three:
            assert await three.run(there) == "True"

    run(work)


STOOD_IN_FOR = """\
import sys, numpy as np, seaborn as sns
x = np.random.default_rng(1).normal(size=20)
before = 'scipy.stats' in sys.modules
kde, links = sns._statistics.gaussian_kde(x), sns.matrix.hierarchy.linkage(x.reshape(10, 2))
from scipy.cluster import hierarchy
from scipy.stats import gaussian_kde
print(
    before,
    isinstance(kde, gaussian_kde) and isinstance(kde, sns._statistics.gaussian_kde),
    isinstance(x, sns._statistics.gaussian_kde),
    (kde(0) == gaussian_kde(x)(0)).all() and (links == hierarchy.linkage(x.reshape(10, 2))).all(),
)
"""


def test_no_word_of_a_notebook_ends_the_server(held: link.Server) -> None:
    """A notebook can find the socket its kernel was told its job over."""
    say = """
import os, socket
for number in range(3, 64):
    try:
        one = socket.socket(fileno=os.dup(number))
    except OSError:
        continue
    if one.family == socket.AF_UNIX:
        for word in (b"nonsense", b"[]", b"7", b'{"wish": 7}', b'{"wish": "antigravity"}'):
            one.send(word + b"\\n")
print("said")
"""

    async def work() -> None:
        async with kernel() as one:
            assert await one.run(say) == "said"
        async with kernel() as two:
            assert two.provisioner.refused == ""
            assert await two.run("import sys; print('antigravity' in sys.modules)") == "False"
        assert held.process.poll() is None

    run(work)


def test_what_is_stood_in_for_is_there_once_it_is_used(
    serve: Callable[..., link.Server],
) -> None:
    serve("seaborn")

    async def work() -> None:
        async with kernel() as one:
            assert one.provisioner.refused == ""
            assert await one.run(STOOD_IN_FOR) == "False True False True"

    run(work)


def test_a_server_that_still_imports_is_not_waited_for() -> None:
    early = link.Server(link.PRELOAD, os.environ, Path.cwd(), 1)
    early.close()
    assert early.process.returncode == -signal.SIGTERM


def test_a_server_that_serves_ends_in_order(held: link.Server) -> None:
    async def work() -> None:
        async with kernel():
            pass

    run(work)
    held.close()
    assert held.process.returncode == 0


READING = "from kompendium.facts import finding; print(finding('prove.sertifisert').published)"
COUNTING = """\
from kompendium.facts import frame
units = frame(2020)
print(len(units), units['name'].iloc[0])
"""


def test_what_was_parsed_ahead_is_parsed_anew_once_it_has_changed(
    compendium: Compendium, serve: Callable[..., link.Server]
) -> None:
    """The server has parsed everything before the data change."""
    environment = os.environ | ENVIRONMENT
    place = compendium.notebooks
    server = serve(*link.PRELOAD, environment=environment, cwd=place, prepare=link.PREPARE)
    given = {"env": {**environment, link.ADDRESS: server.address}, "cwd": compendium.notebooks}

    async def work() -> None:
        async with kernel(**given) as one:
            assert one.provisioner.refused == ""
            assert await one.run(READING) == "8 av 10"
            assert await one.run(COUNTING) == "371 Oslo"
            from_server = "import kompendium.facts.frames as own; print(own._of_year.cache_info())"
            assert "misses=0" not in await one.run(from_server)
        path = compendium.findings / "prove.yml"
        path.write_text(path.read_text("utf-8").replace("8 av 10", "9 av 10"), encoding="utf-8")
        table = compendium.frames / "municipalities-2020.csv"
        table.write_text(table.read_text("utf-8").replace("Oslo", "Osla"), encoding="utf-8")
        async with kernel(**given) as two:
            assert await two.run(READING) == "9 av 10"
            assert await two.run(COUNTING) == "FrameError"

    run(work)
