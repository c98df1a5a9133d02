// Where the reader is: marks the section being read in the contents, and opens what is folded
// around a place that a link leads to.
(() => {
  'use strict';
  const unfold = () => {
    const place = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    if (!place) return;
    let folded = place.closest('details:not([open])');
    if (!folded) return;
    for (; folded; folded = folded.parentElement.closest('details:not([open])')) folded.open = true;
    place.scrollIntoView();
  };
  window.addEventListener('hashchange', unfold);
  unfold();

  const links = new Map();
  for (const link of document.querySelectorAll('.contents a')) {
    const section = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (section) links.set(section, link);
  }
  if (!links.size) return;
  let current = null;
  const mark = () => {
    const line = window.innerHeight / 4;
    let read = null;
    for (const section of links.keys()) if (section.getBoundingClientRect().top <= line) read = section;
    if (read === current) return;
    if (current) links.get(current).removeAttribute('aria-current');
    current = read;
    if (!read) return;
    const link = links.get(read);
    link.setAttribute('aria-current', 'location');
    const box = link.closest('.contents');
    const { top, bottom } = link.getBoundingClientRect();
    if (top < 0 || bottom > window.innerHeight) box.scrollTop += top - window.innerHeight / 2;
  };
  let waiting = false;
  window.addEventListener('scroll', () => {
    if (waiting) return;
    waiting = true;
    window.requestAnimationFrame(() => { waiting = false; mark(); });
  }, { passive: true });
  mark();
})();
