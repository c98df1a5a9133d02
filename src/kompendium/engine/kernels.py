"""What every kernel is given, and one run handed to Papermill."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from kompendium.engine.limits import Watch
from kompendium.engine.measuring import KERNEL
from kompendium.engine.plan import Run
from kompendium.facts.paths import Compendium


def _settings() -> str:
    """Find matplotlib's own settings, without importing it."""
    spec = find_spec("matplotlib")
    return str(Path(spec.origin).parent / "mpl-data/matplotlibrc") if spec and spec.origin else ""


ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "POLARS_MAX_THREADS": "1",
    "JUPYTER_PLATFORM_DIRS": "1",
    "MATPLOTLIBRC": _settings(),
}
"""What every kernel gets: the same order of hashes, one thread for linear algebra, and figures as
matplotlib makes them where nobody has settings of their own.
"""


def run_notebook(
    run: Run, taken: Callable[[Any], None], report: Path, compendium: Compendium, watch: Watch
) -> None:
    """Let Papermill execute a copy, which ``taken`` is given before: no file is written of it.

    The kernel reports to ``report`` which files it read, outside the notebook. It is started
    as ``watch`` says, and keeps within its limits.
    """
    from kompendium.engine.lightly import papermill  # here: to plan runs it is not needed

    try:
        papermill.execute_notebook(
            str(run.notebook),
            None,
            parameters=dict(run.values),
            engine_name="kompendium",
            taken=taken,
            kernel="warm" if watch.kernel == "warm" else "cold",
            begun=watch.begin,
            ending=watch.measure,
            cwd=str(compendium.notebooks),
            kernel_name=KERNEL,
            progress_bar=False,
            log_output=False,
            record_timing=False,
            extra_arguments=[
                "--IPKernelApp.log_level=CRITICAL",  # the record tells of failures
                f"--IPKernelApp.ipython_dir={report.parent}",  # no one's own startup files
                "--InteractiveShellApp.exec_PYTHONSTARTUP=False",
                "--HistoryManager.enabled=False",
                "--IPKernelApp.extra_extensions=kompendium.observation",
                f"--Observation.root={compendium.root}",
                f"--Observation.report={report}",
            ],
        )
    finally:
        watch.stop()
