"""A staged notebook as the Markdown that Quarto would make of it, for the embedded publisher.

Pandoc's own notebook reader knows neither Quarto's cell options nor Markdown outputs, so cells
become fenced divs (``.cell``, ``.cell-code``, ``.cell-output``) here, as in Quarto, and the Lua
filter sees the same text whichever way it came.
"""

from __future__ import annotations

import re
from base64 import b64decode
from html import escape
from pathlib import Path
from struct import unpack

from kompendium.publication.cells import Cell, Json, Output, cells

_CSS_DPI = 96
_METRES_PER_INCH = 0.0254
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/svg+xml": "svg"}


def chapter_markdown(notebook: Json, stem: str, folder: Path) -> str:
    """Write a notebook's pictures under ``folder`` and give its text as Markdown.

    Pictures are named after the cell's label (or number), as Quarto names them.
    """
    parts = [_cell(cell, stem, folder) for cell in cells(notebook)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _cell(cell: Cell, stem: str, folder: Path) -> str:
    if cell.kind == "markdown":
        return cell.source
    if cell.kind == "raw":
        return cell.source if cell.number == 1 and cell.source.startswith("---") else ""
    if not cell.shows("include"):
        return ""
    parts = [_code(cell)] if cell.shows("echo") and cell.source.strip() else []
    if cell.shows("output"):
        parts += _outputs(cell, stem, folder)
    if not parts:
        return ""
    identifier = f"#{cell.id} " if cell.id else ""
    return _div(f"{identifier}.cell", "\n\n".join(parts), colons=5)


def _code(cell: Cell) -> str:
    fold = cell.options.get("code-fold")
    attributes = f' code-fold="{str(fold).lower()}"' if fold is not None else ""
    if summary := cell.options.get("code-summary"):
        attributes += f" code-summary={quoted(str(summary))}"
    return fenced(cell.source.strip("\n"), "{.python .cell-code" + attributes + "}")


def _outputs(cell: Cell, stem: str, folder: Path) -> list[str]:
    parts = []
    labelled = cell.label.startswith(("fig-", "tbl-"))
    for number, output in enumerate(cell.outputs, start=1):
        if not output.is_display:
            parts.append(_text_output(cell, output))
            continue
        content = _display(cell, output, f"{stem}_files/figure-html", number, folder)
        if labelled:
            # The first output with data is the figure or table that the label names.
            content, labelled = _float(cell, content), False
        elif cell.options.get("fig-cap") and (output.form or "").startswith("image/"):
            content = f"{content}\n\n{_line(cell.options['fig-cap'])}"
            content = _div(".uncounted-figure", content)
        parts.append(_div(".cell-output .cell-output-display", content, colons=4))
    return parts


def _float(cell: Cell, content: str) -> str:
    caption = cell.options.get("fig-cap" if cell.label.startswith("fig-") else "tbl-cap")
    text = f"{content}\n\n{_line(caption)}" if caption else content
    return _div(f"#{cell.label}" + ("" if caption else " .without-caption"), text)


def _text_output(cell: Cell, output: Output) -> str:
    if output.kind == "error":
        text = "\n".join(output.raw.get("traceback", [])) or output.raw.get("ename", "")
        plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
        return _div(".cell-output .cell-output-error", fenced(plain), colons=4)
    if cell.is_asis and output.raw.get("name") == "stdout":
        return output.text()
    name = output.raw.get("name", "stdout")
    return _div(f".cell-output .cell-output-{name}", fenced(output.text().rstrip("\n")), colons=4)


def _display(cell: Cell, output: Output, pictures: str, number: int, folder: Path) -> str:
    form = output.form or "text/plain"
    if form in _EXTENSIONS:
        name = cell.label or f"cell-{cell.number}"
        path = f"{pictures}/{name}-output-{number}.{_EXTENSIONS[form]}"
        return _picture(cell, output, form, path, folder)
    if form == "text/markdown":
        return output.text(form).strip("\n")
    return fenced(output.text(form))


def _picture(cell: Cell, output: Output, form: str, path: str, folder: Path) -> str:
    text = output.text(form)
    content = text.encode("utf-8") if "<svg" in text else b64decode(text)
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    size: Json = output.raw.get("metadata", {}).get(form, {})
    width, height = size.get("width"), size.get("height")
    if not (width and height) and form == "image/png":
        width, height = _png_size(content)
    attributes = [f"{name}={int(value)}" for name, value in
                  (("width", width), ("height", height)) if value]  # fmt: skip
    alternative = cell.options.get("fig-alt")
    if isinstance(alternative, list):
        alternative = alternative[0] if alternative else None
    if alternative:
        attributes.append(f"fig-alt={quoted(str(alternative))}")
    return f"![]({path})" + (f"{{{' '.join(attributes)}}}" if attributes else "")


def _png_size(content: bytes) -> tuple[int, int] | tuple[None, None]:
    """A picture's size in CSS pixels: its pixels at the resolution it states."""
    if not content.startswith(_PNG_SIGNATURE) or len(content) < 24:
        return None, None
    width, height = unpack(">II", content[16:24])
    dpi = float(_CSS_DPI)
    place = content.find(b"pHYs")
    if place > 0 and content[place + 12] == 1:
        dpi = unpack(">I", content[place + 4 : place + 8])[0] * _METRES_PER_INCH or dpi
    return round(width * _CSS_DPI / dpi), round(height * _CSS_DPI / dpi)


def _div(attributes: str, content: str, colons: int = 3) -> str:
    fence = ":" * colons
    return f"{fence} {{{attributes}}}\n{content}\n{fence}"


def fenced(text: str, attributes: str = "") -> str:
    """Text as a fenced block that nothing in it can close."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    ticks = "`" * max(3, longest + 1)
    return f"{ticks} {attributes}".rstrip() + f"\n{text}\n{ticks}"


def for_pages(text: str, summary: str = "") -> str:
    """Markdown that only pages show, folded under a summary where there is one."""
    if summary:
        before = fenced(f'<details class="more"><summary>{escape(summary)}</summary>', "{=html}")
        text = f"{before}\n\n{text}\n\n{fenced('</details>', '{=html}')}"
    return f'::: {{.content-visible when-format="html"}}\n{text}\n:::'


def html_for_pages(text: str) -> str:
    """HTML that only pages show: other formats have nothing of it."""
    return for_pages(fenced(text, "{=html}"))


def inline_for_pages(html: str) -> str:
    """As ``html_for_pages``, within a line; it may stand in a cell of a table."""
    safe = html.replace("|", "&#124;").replace("`", "&#96;").replace("\n", " ")
    return f'[`{safe}`{{=html}}]{{.content-visible when-format="html"}}'


def _line(text: object) -> str:
    """Text on one line; hard spaces stay."""
    return str(text).replace("\n", " ").strip()


def quoted(text: str) -> str:
    """Text as the value of a Markdown attribute."""
    escaped = _line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
