"""The configuration ``kompendium lab`` gives JupyterLab; Jupyter provides ``get_config``."""

from typing import Any

from kompendium.notebook.saving import without_outputs

c: Any = get_config()  # type: ignore[name-defined]  # noqa: F821
c.ContentsManager.pre_save_hook = without_outputs
