// Fills the selector of editions, on the pages of every edition and of the working copy. It is
// written anew with each edition, beside them, and needs no library, no network and no server.
// The pages of an edition never change, so what is read of them here must not change either:
//
//   <details data-editions="../" data-number="2026.1">
//     <summary>Utgave 2026.1, …</summary>
//     <ul><li><a href="../index.html">Alle utgaver</a></li></ul>
//   </details>
//
// "data-editions" is the address of the folder this file lies in, and "data-number" is left out
// of a working copy. Without this script a page shows its own number and leads to the list.
(() => {
  'use strict';
  const editions = /*EDITIONS*/ [];
  const words = {
    nb: { edition: 'Utgave', newer: 'Det finnes en nyere utgave:' },
    en: { edition: 'Edition', newer: 'There is a newer edition:' },
  };
  const lang = document.documentElement.lang.split('-')[0];
  const told = words[lang] || words.nb;
  const last = decodeURIComponent(window.location.pathname.split('/').pop()) || 'index.html';
  const page = last.includes('.') ? last : `${last}.html`; // some servers leave the ending out

  // The same page of another edition, in the same language; else its front page.
  const address = (shelf, edition) => {
    const book = edition.books[lang] || Object.values(edition.books)[0];
    const folder = book.folder ? `${book.folder}/` : '';
    const there = book.pages.includes(page) ? page : book.pages[0];
    return shelf + encodeURI(`${edition.number}/${folder}${there}`);
  };

  const link = (shelf, edition, text) => {
    const anchor = document.createElement('a');
    const href = address(shelf, edition);
    anchor.href = href;
    anchor.textContent = text;
    // Who reads about one finding goes on reading about it, where the other edition has it.
    anchor.addEventListener('click', () => { anchor.href = href + window.location.hash; });
    return anchor;
  };

  for (const slot of document.querySelectorAll('[data-editions]')) {
    const shelf = slot.dataset.editions;
    const list = slot.querySelector('ul');
    if (!list || !editions.length) continue;
    for (const edition of editions) {
      const item = document.createElement('li');
      const date = edition.dates[lang] || Object.values(edition.dates)[0];
      const anchor = link(shelf, edition, `${told.edition} ${edition.number}, ${date}`);
      if (edition.number === slot.dataset.number) anchor.setAttribute('aria-current', 'true');
      item.append(anchor);
      list.insertBefore(item, list.lastElementChild);
    }
    const newest = editions[0];
    if (slot.dataset.number && slot.dataset.number !== newest.number) {
      const note = document.createElement('p');
      note.className = 'newer-edition';
      note.append(`${told.newer} `, link(shelf, newest, newest.number));
      slot.after(note);
    }
  }
})();
