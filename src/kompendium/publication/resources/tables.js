// Makes large tables sortable by their headers, and searchable. It needs no library; without it,
// and on paper, a table stands as it was written. Numbers sort as numbers ("12 345", "63,2 %"),
// text as the page's language sorts it; what is missing comes last.
(() => {
  'use strict';
  const SORTED = 5; // rows from which sorting helps
  const SEARCHED = 15; // rows above which a filter helps
  const MOSTLY = 0.8; // the part of a column that must be numbers for it to sort as numbers
  const lang = document.documentElement.lang || 'nb';
  const WORDS = {
    nb: { filter: 'Søk i tabellen', of: '{shown} av {all} rader', region: 'Tabell', hint: 'Sorter etter {column}' },
    en: { filter: 'Search the table', of: '{shown} of {all} rows', region: 'Table', hint: 'Sort by {column}' },
  };
  const said = WORDS[lang.split('-')[0]] || WORDS.nb;
  // Norwegian groups digits by spaces; a full stop parts steps ("1.10"), which sort as text.
  const [comma, group] = lang.startsWith('en') ? ['.', ','] : [',', null];
  const collator = new Intl.Collator(lang, { numeric: true });

  const missing = (text) => /^(\.{1,2}|:|[–-])?$/.test(text);

  // The first number of a cell: of a range its lower end; "under 2 000" is less than 2 000.
  const number = (text) => {
    const found = text.replace(/[\u2212]/g, '-')
      .match(/^(under|over|below|above|om lag|about|[<>≈±]|[[(])?\s*([-+]?\d(?:[\d \u00a0\u202f.,]*\d)?)/i);
    if (!found || (!group && found[2].includes('.'))) return NaN;
    const digits = found[2].replace(/[ \u00a0\u202f]/g, '').split(group).join('').replace(comma, '.');
    const step = { under: -0.5, below: -0.5, '<': -0.5, over: 0.5, above: 0.5, '>': 0.5 };
    return Number(digits) + (step[(found[1] || '').toLowerCase()] || 0);
  };

  // A scrolling table is reached by the keyboard and has a name; our own template sees to it.
  const named = (table) => {
    const box = table.parentElement;
    if (box.tabIndex >= 0 || getComputedStyle(box).overflowX !== 'auto') return;
    box.tabIndex = 0;
    box.setAttribute('role', 'region');
    const caption = table.closest('figure')?.querySelector('figcaption');
    if (caption) {
      caption.id = caption.id || `${table.closest('[id]')?.id || 'table'}-caption`;
      box.setAttribute('aria-labelledby', caption.id);
    } else box.setAttribute('aria-label', said.region);
  };

  const sortable = (table, body, rows) => {
    const heads = [...table.tHead.rows[0].cells];
    const value = (row, place) => row.cells[place].textContent.trim();
    const kinds = heads.map((_, place) => {
      const filled = rows.map((row) => value(row, place)).filter((text) => !missing(text));
      const numeric = filled.filter((text) => !Number.isNaN(number(text)));
      return filled.length > 0 && numeric.length >= MOSTLY * filled.length;
    });
    const sort = (place, direction) => {
      const keyed = rows.map((row, order) => {
        const text = value(row, place);
        const key = kinds[place] ? number(text) : text;
        return { row, order, key, last: missing(text) || Number.isNaN(key) };
      });
      if (direction) {
        keyed.sort((a, b) => {
          if (a.last !== b.last) return a.last ? 1 : -1;
          const by = a.last ? 0 : kinds[place] ? a.key - b.key : collator.compare(a.key, b.key);
          return direction * by || a.order - b.order;
        });
      }
      body.append(...keyed.map((one) => one.row));
    };
    heads.forEach((head, place) => {
      const text = head.textContent.trim();
      // A column of boxes to fill in, or of one value, has no order.
      if (!text || new Set(rows.map((row) => value(row, place))).size < 2) return;
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'sort';
      button.title = said.hint.replace('{column}', text);
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener('click', () => {
        const next = { ascending: 'descending', descending: null }[head.getAttribute('aria-sort')];
        const order = next === undefined ? 'ascending' : next;
        for (const other of heads) other.removeAttribute('aria-sort');
        if (order) head.setAttribute('aria-sort', order);
        sort(place, { ascending: 1, descending: -1 }[order] || 0);
      });
    });
  };

  const searchable = (table, rows) => {
    const label = document.createElement('label');
    const field = document.createElement('input');
    const told = document.createElement('output');
    field.type = 'search';
    field.autocomplete = 'off';
    told.setAttribute('aria-live', 'polite');
    label.append(said.filter, ' ', field);
    const bar = document.createElement('div');
    bar.className = 'table-filter';
    bar.append(label, told);
    const texts = rows.map((row) => Folding.keys(row.textContent));
    field.addEventListener('input', () => {
      const asked = Folding.keys(field.value);
      let shown = 0;
      rows.forEach((row, place) => {
        const fits = asked.every((ask) => texts[place].some((word) => word.startsWith(ask)));
        row.hidden = !fits;
        shown += fits;
      });
      told.textContent = asked.length ? said.of.replace('{shown}', shown).replace('{all}', rows.length) : '';
    });
    table.parentElement.before(bar);
  };

  for (const table of document.querySelectorAll('main table')) {
    named(table);
    const [body, second] = table.tBodies;
    const rows = body ? [...body.rows] : [];
    const head = table.tHead?.rows;
    const plain = !second && head?.length === 1 && !table.querySelector('[colspan], [rowspan]');
    if (!plain || rows.some((row) => row.cells.length !== head[0].cells.length)) continue;
    if (rows.length >= SORTED) sortable(table, body, rows);
    if (rows.length > SEARCHED) searchable(table, rows);
  }
})();
