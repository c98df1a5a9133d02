// Filters the lists of a page while one types. It needs no library, no network and no server;
// without it every entry stands in its list. A form with role "search" holds the field, an
// output and the words (data-one, data-many, data-none); an entry is an <li> with a ".key".
(() => {
  'use strict';
  const form = document.querySelector('main form[role="search"]');
  if (!form) return;
  const field = form.querySelector('input');
  const told = form.querySelector('output');

  const groups = [...document.querySelectorAll('main section')]
    .filter((section) => section.querySelector('li .key') && !section.querySelector('section'))
    .map((section) => ({
      section,
      entries: [...section.querySelectorAll('li')].filter((item) => item.querySelector('.key'))
        .map((item) => ({
          item,
          link: item.querySelector('a'),
          words: Folding.keys(item.querySelector('.key').textContent),
        })),
    }));

  // The entries each of whose asked words begins one of their own.
  const search = () => {
    const asked = Folding.keys(field.value);
    const found = [];
    for (const group of groups) {
      let shown = 0;
      for (const entry of group.entries) {
        const fits = asked.every((ask) => entry.words.some((word) => word.startsWith(ask)));
        entry.item.hidden = !fits;
        if (fits) { shown += 1; found.push(entry); }
      }
      group.section.hidden = shown === 0;
    }
    const word = found.length === 1 ? 'one' : found.length ? 'many' : 'none';
    const text = form.dataset[word].replace('{count}', found.length).replace('{query}', field.value.trim());
    told.textContent = asked.length ? text : '';
    return asked.length ? found : [];
  };

  field.addEventListener('input', search);
  window.addEventListener('pageshow', search); // a browser that goes back keeps what was typed
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const first = search().find((entry) => entry.link);
    if (first) window.location.assign(first.link.href);
  });
  form.hidden = false;
})();
