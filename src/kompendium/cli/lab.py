"""JupyterLab on the notebooks: on this machine only, and saving no output of respondents."""

import subprocess
import sys
from pathlib import Path

from kompendium.cli.messages import say
from kompendium.facts.paths import Compendium
from kompendium.notebook.saving import surveys_with_respondents

CONFIGURATION = Path(__file__).with_name("lab_config.py")


def edit(compendium: Compendium) -> int:
    """Let someone edit the notebooks until they stop JupyterLab; give how it ended."""
    if surveys_with_respondents(compendium):
        say("There are respondents: outputs are shown, but not saved in notebooks/.", "bold")
    options = ["--ip=127.0.0.1", f"--config={CONFIGURATION}", str(compendium.notebooks)]
    return subprocess.run([sys.executable, "-m", "jupyterlab", *options], check=False).returncode
