"""The index of the book's search: sections with their text, findings in the register."""

import json
from pathlib import Path
from typing import Any

from kompendium.publication.search_index import VARIABLE, script

PAGE = """<!DOCTYPE html><html lang="nb"><body><nav>Meny</nav><main>
<h1 id="sec-alfa"><span>2</span> Alfa</h1>
<details class="contents-menu"><summary>x</summary>Innholdet</details>
<p>Innledning om <b>foreldre</b>veiledning.</p>
<section id="sec-alfa-svar" class="level2"><h2>2.1 Hvem svarte</h2>
<p>Åtte av ti er sertifisert.</p>
<pre>hemmelig_kode = 1</pre><div class="made">Slik er figuren laget</div>
<table><tr id="r"><td><span id="funn-a-b"></span>Ett funn.<details class="cite">Siter</details></td>
<td>63 prosent</td></tr></table>
<section class="level3" id="dypere"><h3>Dypere</h3><p>Mer.</p></section></section>
<section id="laget-alfa" class="level2"><h2>Slik er kapitlet laget</h2><p>pandas</p></section>
</main></body></html>"""


def index(tmp_path: Path, register: str = "") -> dict[str, Any]:
    (tmp_path / "alfa.html").write_text(PAGE, encoding="utf-8")
    text = script([tmp_path / "alfa.html"], register)
    assert text.startswith(f"{VARIABLE} = ")
    content: dict[str, Any] = json.loads(text.removeprefix(f"{VARIABLE} = ").rstrip(";\n"))
    return content


def test_each_section_is_an_entry_and_what_is_no_text_is_left_out(tmp_path: Path) -> None:
    found = index(tmp_path)
    assert found["pages"] == [["alfa.html", "2 Alfa"]]
    assert found["sections"] == [
        [0, "", "2 Alfa", "Innledning om foreldreveiledning."],
        [0, "sec-alfa-svar", "2.1 Hvem svarte", "Åtte av ti er sertifisert. Ett funn. 63 prosent"],
        [0, "dypere", "Dypere", "Mer."],
    ]


def test_on_the_registers_page_each_finding_is_one(tmp_path: Path) -> None:
    found = index(tmp_path, "alfa.html")["sections"]
    assert [0, "funn-a-b", "2.1 Hvem svarte", "Ett funn. 63 prosent"] in found
    assert [0, "sec-alfa-svar", "2.1 Hvem svarte", "Åtte av ti er sertifisert."] in found
