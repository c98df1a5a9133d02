"""What JupyterLab saves: no outputs while there are real respondents.

``notebooks/`` is in git, and outputs that rest on respondents must never get there.
"""

from typing import Any

from kompendium.facts.paths import Compendium
from kompendium.surveys import has_respondents


def surveys_with_respondents(compendium: Compendium) -> list[str]:
    """The surveys for which a researcher has put real answers in."""
    names = sorted(path.parent.name for path in compendium.surveys.glob("*/codebook.yml"))
    return [name for name in names if has_respondents(name)]


def without_outputs(model: dict[str, Any], **_: Any) -> None:
    """Clear a notebook that is about to be saved, where there are respondents.

    Jupyter Server calls this before it saves (``ContentsManager.pre_save_hook``).
    """
    if model["type"] != "notebook" or not surveys_with_respondents(Compendium.find()):
        return
    for cell in model["content"]["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = []
            cell["execution_count"] = None
