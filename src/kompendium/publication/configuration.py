"""What ``_quarto.yml`` says: the part of it that both publishers obey."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator


class _Section(BaseModel):
    """A part of ``_quarto.yml``; keys only Quarto knows are left to Quarto."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class Titles(_Section):
    """The keys under ``book:``."""

    title: str
    subtitle: str = ""
    author: str | list[str] = ""
    description: str = ""
    chapters: list[str] = Field(min_length=1)
    output_file: str | None = Field(default=None, alias="output-file")
    site_url: str = Field(default="", alias="site-url", pattern=r"^$|^https?://")

    @property
    def stem(self) -> str:
        """The name of the files with the whole book, without ending, as Quarto makes it."""
        return re.sub(r"[ <>()|:&;#?*'\\/]", "-", self.output_file or self.title)

    @property
    def authors(self) -> list[str]:
        """The authors as a list, however they were written."""
        names = [self.author] if isinstance(self.author, str) else self.author
        return [name for name in names if name]

    @field_validator("chapters")
    @classmethod
    def _starts_and_stays_apart(cls, chapters: list[str]) -> list[str]:
        """Refuse what would give two pages one address, or no front page."""
        stems = [PurePosixPath(chapter).stem for chapter in chapters]
        if stems[0] != "index":
            raise ValueError("the first chapter must be index.md, the front page")
        if double := sorted({stem for stem in stems if stems.count(stem) > 1}):
            raise ValueError(f"two chapters would have the same address: {', '.join(double)}")
        return chapters


class Html(_Section):
    """The keys under ``format: html:``."""

    toc_depth: int = Field(default=3, alias="toc-depth")
    number_sections: bool = Field(default=True, alias="number-sections")
    code_fold: bool = Field(default=False, alias="code-fold")
    code_summary: str | None = Field(default=None, alias="code-summary")
    toc_title: str | None = Field(default=None, alias="toc-title")


class Whole(_Section):
    """The keys under ``format: typst:`` and ``format: docx:``, the book as one document."""

    toc_depth: int = Field(default=3, alias="toc-depth")
    toc_title: str | None = Field(default=None, alias="toc-title")


class Formats(_Section):
    """The keys under ``format:``."""

    html: Html = Html()
    typst: Whole = Whole()
    docx: Whole = Whole()


class Configuration(_Section):
    """``_quarto.yml``."""

    book: Titles
    lang: str = "nb"
    language: dict[str, Any] = {}
    crossref: dict[str, Any] = {}
    bibliography: str | list[str] = []
    format: Formats = Formats()
