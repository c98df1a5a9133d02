"""Forked kernels: each as if it had been started, and none left behind."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import nbformat
import papermill  # noqa: F401 - imports the engines it knows, ours among them
import psutil
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from nbformat.v4 import new_code_cell, new_notebook, new_output

from kompendium.engine.papermill import Client, manager
from kompendium.engine.papermill import Kernel as Kind
from kompendium.engine.warm import link
from kompendium.engine.warm.provisioner import WarmProvisioner

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")

PRELOAD = ["numpy"]
"""Little, so that the server of these tests is soon there."""


@pytest.fixture(scope="module")
def server() -> Iterator[link.Server]:
    started = link.Server(PRELOAD, os.environ, Path.cwd(), spares=1)
    yield started
    started.close()


@pytest.fixture
def warm(server: link.Server, monkeypatch: pytest.MonkeyPatch) -> link.Server:
    """Every kernel of this test is forked from one server, as in a worker of a build."""
    monkeypatch.setenv(link.ADDRESS, server.address)
    return server


class Kernel:
    """A kernel with its client."""

    def __init__(self, manager: AsyncKernelManager, client: Any) -> None:
        self.manager, self.client = manager, client

    @property
    def provisioner(self) -> WarmProvisioner:
        assert isinstance(self.manager.provisioner, WarmProvisioner)
        return self.manager.provisioner

    async def run(self, source: str) -> str:
        """Run a cell; gives what it printed, or its error."""
        told = []
        await self.client.execute_interactive(
            source,
            timeout=60,
            output_hook=lambda message: told.append(
                message["content"].get("text") or message["content"].get("ename", "")
            ),
        )
        return "".join(told).strip()


@asynccontextmanager
async def kernel(polite: bool = True, **arguments: Any) -> AsyncIterator[Kernel]:
    """Start a kernel by the project's provisioner, whatever its specification says."""
    manager = AsyncKernelManager(kernel_name="python3")
    assert manager.kernel_spec is not None
    manager.kernel_spec.metadata = {"kernel_provisioner": {"provisioner_name": "kompendium"}}
    await manager.start_kernel(extra_arguments=["--IPKernelApp.log_level=CRITICAL"], **arguments)
    client = manager.client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=60)
        yield Kernel(manager, client)
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=not polite)


def run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(work())


def gone(*pids: int) -> bool:
    """Tell whether processes end within a while, and are taken in by who started them.

    What a kernel started and outlived it is for the system's first process to take in.
    """

    def there(pid: int) -> bool:
        try:
            process = psutil.Process(pid)
            return process.status() != psutil.STATUS_ZOMBIE or process.ppid() != 1
        except psutil.NoSuchProcess:
            return False

    deadline = time.monotonic() + 10
    while any(there(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_a_forked_kernel_holds_the_imports_and_nothing_of_the_library(warm: link.Server) -> None:
    async def work() -> None:
        async with kernel() as one:
            assert one.provisioner.refused == ""
            source = "import sys; print([name in sys.modules for name in ('numpy', 'kompendium')])"
            assert await one.run(source) == "[True, False]"
            assert await one.run("print(len(__import__('os').listdir('/proc/self/fd')) < 60)")

    run(work)


STEPPING = """\
import ipykernel.debugger, ipykernel.ipkernel, sys
print(ipykernel.debugger._is_debugpy_available, 'debugpy' in sys.modules)
print(bool(get_ipython().kernel._kernel_modules), ipykernel.ipkernel.sys.version == sys.version)
import debugpy
print(bool(debugpy.__version__))
"""


def test_only_kernels_made_without_a_debugger_have_none(
    warm: link.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work() -> None:
        async with kernel() as one:
            assert await one.run(STEPPING) == "True True\nTrue True\nTrue"
        spare = link.Server(PRELOAD, os.environ, Path.cwd(), 1, without=link.WITHOUT)
        monkeypatch.setenv(link.ADDRESS, spare.address)
        try:
            async with kernel() as other:
                assert other.provisioner.refused == ""
                assert await other.run(STEPPING) == "False False\nFalse True\nTrue"
        finally:
            spare.close()

    run(work)


def test_cells_await_what_they_say_they_do(warm: link.Server) -> None:
    async def work() -> None:
        async with kernel() as one:
            await one.run("import asyncio\nasync def three():\n    return 3")
            assert await one.run("print(await three())") == "3"
            assert await one.run("print([one async for one in aiter([])])") == "TypeError"
            looping = "for name in ('await', 'print'):\n    print(len(name))"
            assert await one.run(looping) == "5\n5"
            assert await one.run("async with 3:\n    pass") == "TypeError"

    run(work)


def test_a_cell_means_what_those_before_it_have_made_of_it(warm: link.Server) -> None:
    """What IPython makes of a cell is worked out once for each time it is run, not once for all."""
    adding = """\
def louder(lines):
    return [line.replace('low', 'loud') for line in lines]
get_ipython().input_transformers_cleanup.append(louder)
"""

    async def work() -> None:
        async with kernel() as one:
            assert await one.run("print('low')") == "low"
            assert await one.run("print('low')") == "low"
            await one.run(adding)
            assert await one.run("print('low')") == "loud"
            assert await one.run("%automagic") != ""
            assert await one.run("%%capture told\nprint('low')") == ""
            assert await one.run("print(told.stdout)") == "loud"

    run(work)


def test_what_is_printed_comes_where_it_was_printed(warm: link.Server) -> None:
    """Streams that hold nothing are not flushed; what they hold comes before what is shown."""
    showing = """\
import os, sys
from IPython.display import display
for number in range(40):
    print(number, end=' ')
    display(number)
    print(number, end=' ', file=sys.stderr, flush=True)
    display(number)
os.system('echo of another program')
"""

    async def work() -> None:
        told: list[tuple[str, str]] = []

        def hear(message: dict[str, Any]) -> None:
            content = message["content"]
            if message["msg_type"] == "stream":
                told.append((content["name"], content["text"]))
            elif message["msg_type"] == "display_data":
                told.append(("shown", content["data"]["text/plain"]))

        async with kernel() as one:
            await one.client.execute_interactive(showing, timeout=60, output_hook=hear)
            shown = [one for one in told if "of another" not in one[1]]
            names = ("stdout", "shown", "stderr", "shown")
            assert [name for name, _ in shown] == [*names] * 40
            assert [int(text) for _, text in shown] == [n for n in range(40) for _ in names]

    run(work)


def test_no_state_passes_from_one_kernel_to_the_next(warm: link.Server) -> None:
    async def work() -> None:
        async with kernel() as one:
            await one.run(
                "import numpy; numpy.left = 1; left = 1; import os; os.environ['LEFT'] = '1'"
            )
        async with kernel() as other:
            for test in ("hasattr(numpy, 'left')", "'left' in dir()", "'LEFT' in os.environ"):
                assert await other.run(f"import numpy, os; print({test})") == "False"

    run(work)


def test_each_kernel_draws_its_own_random_numbers(warm: link.Server) -> None:
    async def work() -> None:
        drawn = []
        for _ in range(2):
            async with kernel() as one:
                drawn.append(
                    await one.run(
                        "import random, numpy, uuid\n"
                        "print(random.random(), numpy.random.rand(), "
                        "numpy.random.default_rng().random(), uuid.uuid4())"
                    )
                )
        assert not {*drawn[0].split()} & {*drawn[1].split()}

    run(work)


def test_folder_and_environment_are_the_kernels_own(warm: link.Server, tmp_path: Path) -> None:
    async def work() -> None:
        environment = os.environ | {"KOMPENDIUM_PROVE": "7", "JPY_SESSION_NAME": "a"}
        async with kernel(cwd=str(tmp_path), env=environment) as one:
            source = "import os; print(os.getcwd(), os.environ['KOMPENDIUM_PROVE'])"
            assert await one.run(source) == f"{tmp_path} 7"
            assert await one.run(f"print({link.ADDRESS!r} in os.environ)") == "False"
            assert one.provisioner.refused == ""

    run(work)


@pytest.mark.parametrize(
    ("name", "value"), [("PYTHONHASHSEED", "17"), ("OMP_NUM_THREADS", "3"), ("LANG", "nb_NO")]
)
def test_a_kernel_in_another_environment_is_an_ordinary_one(
    warm: link.Server, name: str, value: str
) -> None:
    async def work() -> None:
        async with kernel(env=os.environ | {name: value}) as one:
            assert one.provisioner.refused == f"other environment: {name}"
            assert await one.run(f"import os; print(os.environ[{name!r}])") == value

    run(work)


def test_a_kernel_is_an_ordinary_one_where_the_folder_configures_matplotlib(
    warm: link.Server, tmp_path: Path
) -> None:
    async def work() -> None:
        (tmp_path / "matplotlibrc").write_text("figure.dpi: 10\n", encoding="utf-8")
        async with kernel(cwd=str(tmp_path)) as one:
            assert "matplotlibrc" in one.provisioner.refused

    run(work)


@pytest.mark.parametrize(
    "source",
    [
        "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()",
        "import os\nos._exit(3)",
    ],
    ids=["a library starts a thread", "a library ends the server"],
)
def test_where_a_fork_is_not_safe_or_fails_the_kernel_is_an_ordinary_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    (tmp_path / "troublesome.py").write_text(source, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    server = link.Server(["troublesome"], os.environ, tmp_path, spares=1)
    monkeypatch.setenv(link.ADDRESS, server.address)

    async def work() -> None:
        async with kernel() as one:
            assert one.provisioner.refused.startswith(("threads in the server", "no", "the fork"))
            assert await one.run("print(6 * 7)") == "42"

    run(work)
    server.close()


def test_without_a_server_the_kernel_is_an_ordinary_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(link.ADDRESS, str(tmp_path / "none"))

    async def work() -> None:
        async with kernel() as one:
            assert one.provisioner.refused.startswith("no server")
            assert await one.run("print(6 * 7)") == "42"

    run(work)


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_no_server_is_started_where_forks_are_not_safe(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, system: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    with pytest.raises(link.NotForked, match=system):
        link.Server([], {}, tmp_path, spares=0)


def test_an_interrupt_reaches_the_cell(warm: link.Server) -> None:
    async def work() -> None:
        async with kernel() as one:
            running = asyncio.ensure_future(one.run("import time; time.sleep(60)"))
            await asyncio.sleep(0.5)
            await one.manager.interrupt_kernel()
            assert await running == "KeyboardInterrupt"
            assert await one.run("print(6 * 7)") == "42"

    run(work)


@pytest.mark.parametrize("polite", [True, False])
def test_a_kernel_that_is_told_to_end_is_gone_at_once(warm: link.Server, polite: bool) -> None:
    async def work() -> None:
        async with kernel(polite) as one:
            pid = int(one.provisioner.pid)
            started = int(
                await one.run("import subprocess; print(subprocess.Popen(['sleep', '600']).pid)")
            )
            begun = time.monotonic()
        assert time.monotonic() - begun < 4  # what it started is given time, too
        assert gone(pid)
        assert gone(started)

    run(work)


@pytest.mark.parametrize("kind", Kind)
def test_the_engine_waits_for_its_kernels_by_what_they_say(
    warm: link.Server, kind: Kind, tmp_path: Path
) -> None:
    """Jupyter's own client waits until nothing has been heard for a fifth of a second."""

    async def work() -> None:
        one = manager(kind, None, None)(kernel_name="python3")
        await one.start_kernel(
            extra_arguments=["--IPKernelApp.log_level=CRITICAL"], cwd=str(tmp_path)
        )
        client = one.client()
        assert isinstance(client, Client)
        client.start_channels()
        await client.wait_for_ready(timeout=60)
        asked = client.kernel_info()
        first = await client.get_iopub_msg(timeout=60)
        assert first["parent_header"]["msg_id"] == asked  # nothing of before is left to come
        client.stop_channels()
        await one.shutdown_kernel()

    run(work)


def test_what_a_notebook_leaves_open_is_written(warm: link.Server, tmp_path: Path) -> None:
    async def work() -> None:
        async with kernel(cwd=str(tmp_path)) as one:
            await one.run("left = open('left.txt', 'w'); left.write('whole')")

    run(work)
    assert (tmp_path / "left.txt").read_text(encoding="utf-8") == "whole"


def test_a_killed_kernel_is_told_as_one_and_restarts(warm: link.Server) -> None:
    async def work() -> None:
        async with kernel() as one:
            pid = int(one.provisioner.pid)
            os.kill(pid, signal.SIGKILL)
            assert gone(pid)
            assert await one.provisioner.poll() == -signal.SIGKILL
            assert not await one.manager.is_alive()
            # As Jupyter restarts what has died: a request to end, sent to nobody, would reach the
            # kernel that comes next, at the same port.
            await one.manager.restart_kernel(now=True)
            await one.client.wait_for_ready(timeout=60)
            assert await one.run("print(6 * 7)") == "42"
            assert one.provisioner.refused == ""

    run(work)


def test_who_cannot_ask_properly_is_shown_out(warm: link.Server) -> None:
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.connect(warm.address)
        stranger.sendall(b"no JSON\n")
        assert stranger.recv(100) == b""
    test_a_forked_kernel_holds_the_imports_and_nothing_of_the_library(warm)


def test_nobody_else_can_reach_the_server(server: link.Server) -> None:
    assert server.folder.stat().st_mode & 0o077 == 0


SCRIPT = """\
import asyncio, os
from tests.engine.test_warm import kernel
async def work():
    async with kernel() as one:
        server = int(await one.run("import os; print(os.getppid())"))
        print(server, one.provisioner.pid, flush=True)
        await one.run("import time; time.sleep(600)")
asyncio.run(work())
"""


def test_server_and_kernels_end_with_the_process_that_started_them() -> None:
    process = subprocess.Popen([sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    pids = [int(text) for text in process.stdout.readline().split()]
    assert len({*pids, process.pid}) == 3
    process.kill()
    process.wait(30)
    process.stdout.close()
    assert gone(*pids)


def test_a_kernel_ends_with_a_killed_server() -> None:
    async def work() -> None:
        server = link.Server([], os.environ, Path.cwd(), spares=0)
        asked = link.Kernel(server.address)
        with pytest.raises(link.NotForked):  # no such folder: the fork cannot become a kernel
            await asked.start(
                {"arguments": [], "choosing": False, "env": dict(os.environ), "cwd": "/borte"}
            )
        server.process.kill()
        server.close()

    run(work)


def test_whoever_uses_nbclient_has_forked_kernels_by_a_variable(
    monkeypatch: pytest.MonkeyPatch, warm: link.Server
) -> None:
    monkeypatch.setenv("JUPYTER_DEFAULT_PROVISIONER_NAME", "kompendium")
    notebook: Any = new_notebook(cells=[new_code_cell("import os; print(os.getppid())")])
    script = (
        "import sys, nbformat, nbclient\n"
        "notebook = nbformat.reads(sys.stdin.read(), 4)\n"
        "nbclient.NotebookClient(notebook, kernel_name='python3').execute()\n"
        "print(notebook.cells[0].outputs[0].text)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=nbformat.writes(notebook),
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) == warm.process.pid


def test_nbval_has_forked_kernels_by_the_same_variable(
    monkeypatch: pytest.MonkeyPatch, warm: link.Server, tmp_path: Path
) -> None:
    monkeypatch.setenv("JUPYTER_DEFAULT_PROVISIONER_NAME", "kompendium")
    for name in ("a", "b"):
        cell = new_code_cell("import os, sys\nprint(os.getppid(), 'numpy' in sys.modules)")
        cell.execution_count = 1
        cell.outputs = [new_output("stream", text=f"{warm.process.pid} True\n")]
        metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        nbformat.write(new_notebook(cells=[cell], metadata=metadata), tmp_path / f"{name}.ipynb")
    command = [sys.executable, "-m", "pytest", "--nbval", str(tmp_path), "-q"]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider"], capture_output=True, text=True, check=False
    )
    assert "2 passed" in done.stdout, done.stdout


def test_jupyterlab_has_forked_kernels_by_a_kernel_specification(
    warm: link.Server, tmp_path: Path
) -> None:
    place = tmp_path / "kernels" / "varm" / "kernel.json"
    place.parent.mkdir(parents=True)
    specification = {
        "argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Python 3 (varm)",
        "language": "python",
        "metadata": {"kernel_provisioner": {"provisioner_name": "kompendium"}},
    }
    place.write_text(json.dumps(specification), encoding="utf-8")
    specifications = KernelSpecManager(kernel_dirs=[str(tmp_path / "kernels")])

    async def work() -> None:
        kernels = AsyncMappingKernelManager(
            root_dir=str(tmp_path),
            connection_dir=str(tmp_path),
            kernel_spec_manager=specifications,
        )
        started = await kernels.start_kernel(kernel_name="varm")
        manager = kernels.get_kernel(started)
        pid = int(manager.provisioner.pid)
        assert manager.provisioner.refused == ""
        assert psutil.Process(pid).ppid() == warm.process.pid
        await kernels.restart_kernel(started)
        assert gone(pid)
        pid = int(manager.provisioner.pid)
        assert psutil.Process(pid).ppid() == warm.process.pid
        await kernels.interrupt_kernel(started)
        await kernels.shutdown_kernel(started)
        assert gone(pid)

    run(work)


def test_papermill_has_the_engine_by_name(
    warm: link.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook: Any = new_notebook(cells=[new_code_cell("import os; print(os.getppid())")])
    nbformat.write(notebook, tmp_path / "inn.ipynb")
    command = [sys.executable, "-m", "papermill", "--engine", "kompendium", "-k", "python3"]
    files = [str(tmp_path / "inn.ipynb"), str(tmp_path / "ut.ipynb")]
    subprocess.run([*command, *files], capture_output=True, check=True)
    executed: Any = nbformat.read(tmp_path / "ut.ipynb", as_version=4)
    assert int(executed.cells[0].outputs[0].text) == warm.process.pid
