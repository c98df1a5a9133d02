"""Markdown told block by block."""

from kompendium.translation import blocks

PAGE = """# Tittel {#sec-x}

Et avsnitt
på to linjer.

```python
kode = "ikke tekst"

mer = 1
```

::: {.note title="Merk"}
Inni.
:::

![](x.png){#fig-x}
"""


def test_every_block_with_words_is_a_message_and_code_is_none() -> None:
    assert list(blocks.messages(PAGE)) == [
        "# Tittel {#sec-x}",
        "Et avsnitt\npå to linjer.",
        '::: {.note title="Merk"}\nInni.\n:::',
        "![](x.png){#fig-x}",
    ]


def test_what_is_not_translated_stays_as_it_was() -> None:
    assert blocks.translated(PAGE, lambda text: text) == PAGE
    assert blocks.translated("\nEn.\n\n\nTo.", str.upper) == "\nEN.\n\n\nTO."
