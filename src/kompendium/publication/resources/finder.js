// Searches the book, also at a file address: the index is a script of the book's own, fetched by
// no request but a script element, once somebody searches. Without scripts there is no search.
// "/" or Ctrl-K opens it, arrows choose a hit, Enter goes there, Escape closes it.
(() => {
  'use strict';
  const MOST = 30; // hits shown
  const AROUND = 90; // letters of a snippet before and after what was found
  const INSIDE = 4; // letters a word must have to be looked for inside others, as in compounds
  const WORDS = {
    nb: {
      open: 'Søk', search: 'Søk i boka', close: 'Lukk', hits: 'Treff', none: 'Ingen treff på «{query}».',
      one: '1 treff', many: '{count} treff', more: '{count} treff, de {shown} beste vises',
      lost: 'Søkeregisteret mangler.', keys: 'Piltaster velger, Enter åpner, Esc lukker',
    },
    en: {
      open: 'Search', search: 'Search the book', close: 'Close', hits: 'Hits', none: 'No hits for “{query}”.',
      one: '1 hit', many: '{count} hits', more: '{count} hits, the best {shown} are shown',
      lost: 'The search index is missing.', keys: 'Arrow keys choose, Enter opens, Esc closes',
    },
  };
  const said = WORDS[document.documentElement.lang.split('-')[0]] || WORDS.nb;
  const index = new URL('index.js', document.currentScript.src).href;

  const made = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  const button = made('button', { type: 'button', class: 'finder-open', 'aria-haspopup': 'dialog' },
    said.open, made('kbd', { 'aria-hidden': 'true' }, '/'));
  const field = made('input', {
    type: 'search', id: 'finder-field', role: 'combobox', 'aria-expanded': 'false', 'aria-controls': 'finder-hits',
    'aria-autocomplete': 'list', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false',
    enterkeyhint: 'go',
  });
  const closer = made('button', { type: 'button', class: 'finder-close' }, said.close);
  const told = made('p', { role: 'status', class: 'finder-told' });
  const list = made('div', { id: 'finder-hits', role: 'listbox', 'aria-label': said.hits });
  const dialog = made('dialog', { class: 'finder', 'aria-label': said.search },
    made('div', { class: 'finder-head' },
      made('label', { for: 'finder-field' }, said.search), closer, field, told), list,
    made('p', { class: 'finder-keys', 'aria-hidden': 'true' }, said.keys));

  let entries = null; // null until the index is there
  let chosen = -1;

  const prepare = ({ pages, sections }) => sections.map(([page, id, heading, text], place) => ({
    place, text, heading, page: pages[page], href: pages[page][0] + (id ? `#${id}` : ''),
    words: Folding.words(text), headings: Folding.keys(heading), titles: Folding.keys(pages[page][1]),
  }));

  const load = () => new Promise((done) => {
    const script = made('script', { src: index });
    script.onload = () => done(prepare(window.kompendiumIndex));
    script.onerror = () => done([]);
    document.head.append(script);
  });

  const fit = (word, ask) => {
    if (word === ask) return 3;
    if (word.startsWith(ask)) return 2;
    return ask.length >= INSIDE && word.includes(ask) ? 1 : 0;
  };
  const best = (words, ask) => words.reduce((most, word) => Math.max(most, fit(word, ask)), 0);

  // How well an entry fits; 0 unless every word asked for is there.
  const score = (entry, asked) => {
    let sum = 0;
    for (const ask of asked) {
      let inText = 0;
      for (const { key } of entry.words) inText += fit(key, ask);
      const points = 8 * best(entry.headings, ask) + 3 * best(entry.titles, ask) + Math.min(inText, 12);
      // A chapter's title alone makes no hit of each of its sections.
      if (!inText && !best(entry.headings, ask)) return 0;
      sum += points;
    }
    return sum;
  };

  // The text around the first word found, with each that was found marked.
  const snippet = (entry, asked) => {
    const found = entry.words.filter(({ key }) => asked.some((ask) => fit(key, ask)));
    const middle = found.length ? found[0].start : 0;
    let start = Math.max(0, middle - AROUND);
    let end = Math.min(entry.text.length, middle + AROUND);
    if (start > 0) start = entry.text.indexOf(' ', start) + 1;
    if (end < entry.text.length) end = Math.max(entry.text.lastIndexOf(' ', end), middle);
    const parts = start > 0 ? ['… '] : [];
    let place = start;
    for (const one of found) {
      if (one.start < start || one.end > end) continue;
      parts.push(entry.text.slice(place, one.start), made('mark', {}, entry.text.slice(one.start, one.end)));
      place = one.end;
    }
    parts.push(entry.text.slice(place, end), end < entry.text.length ? ' …' : '');
    return parts;
  };

  const choose = (place) => {
    const options = list.children;
    if (options[chosen]) options[chosen].setAttribute('aria-selected', 'false');
    chosen = options.length ? (place + options.length) % options.length : -1;
    const option = options[chosen];
    if (option) {
      option.setAttribute('aria-selected', 'true');
      option.scrollIntoView({ block: 'nearest' });
      field.setAttribute('aria-activedescendant', option.id);
    } else field.removeAttribute('aria-activedescendant');
  };

  const show = () => {
    const asked = Folding.keys(field.value);
    const hits = asked.length ? entries.map((entry) => [score(entry, asked), entry])
      .filter(([points]) => points).sort(([a, one], [b, other]) => b - a || one.place - other.place) : [];
    list.replaceChildren(...hits.slice(0, MOST).map(([, entry], place) => made('a', {
      role: 'option', id: `finder-hit-${place}`, href: entry.href, tabindex: '-1', 'aria-selected': 'false',
    }, made('span', { class: 'finder-where' }, entry.page[1]),
    made('span', { class: 'finder-heading' }, entry.heading),
    made('span', { class: 'finder-text' }, ...snippet(entry, asked)))));
    field.setAttribute('aria-expanded', String(hits.length > 0));
    const kind = !hits.length ? 'none' : hits.length === 1 ? 'one' : hits.length > MOST ? 'more' : 'many';
    const text = entries.length ? said[kind] : said.lost;
    told.textContent = asked.length ? text.replace('{count}', hits.length).replace('{shown}', MOST)
      .replace('{query}', field.value.trim()) : '';
    choose(hits.length ? 0 : -1);
  };

  const search = async () => {
    entries = entries || await load();
    show();
  };

  const open = () => {
    if (dialog.open) return;
    dialog.showModal();
    field.select();
    search();
  };

  const typing = (element) => element.closest('input, textarea, select, [contenteditable]');
  document.addEventListener('keydown', (event) => {
    const slash = event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target);
    const letter = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey);
    if (slash || letter) { event.preventDefault(); open(); }
  });
  field.addEventListener('input', search);
  field.addEventListener('keydown', (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (steps[event.key]) { event.preventDefault(); choose(chosen + steps[event.key]); }
    if (event.key === 'Escape') { event.preventDefault(); dialog.close(); } // else it only clears the field
    if (event.key === 'Enter' && list.children[chosen]) { event.preventDefault(); list.children[chosen].click(); }
  });
  list.addEventListener('click', (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) dialog.close();
  });
  dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
  closer.addEventListener('click', () => dialog.close());
  button.addEventListener('click', open);

  document.querySelector('.masthead .bar').prepend(button);
  document.body.append(dialog);
})();
