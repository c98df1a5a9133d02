"""What every kernel is given, and one run handed to Papermill."""

from pathlib import Path

from kompendium.engine.measuring import KERNEL
from kompendium.engine.plan import Run
from kompendium.facts.paths import Compendium

ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JUPYTER_PLATFORM_DIRS": "1",
}
"""What every kernel gets: the same order of hashes, and one thread for linear algebra."""


def run_notebook(run: Run, output: Path, report: Path, compendium: Compendium) -> None:
    """Let Papermill execute a copy; nothing of it is visible to readers until it is done.

    The kernel reports to ``report`` which files it read, outside the notebook.
    """
    import papermill

    papermill.execute_notebook(
        str(run.notebook),
        str(output),
        parameters=dict(run.values),
        cwd=str(compendium.notebooks),
        kernel_name=KERNEL,
        progress_bar=False,
        log_output=False,
        execution_timeout=run.time_limit,
        record_timing=False,
        extra_arguments=[
            "--IPKernelApp.log_level=CRITICAL",  # the record tells of failures
            "--IPKernelApp.extra_extensions=kompendium.observation",
            f"--Observation.root={compendium.root}",
            f"--Observation.report={report}",
        ],
    )
