// What both searches need: words of a text, folded so that "Alesund", "aalesund" and "Ålesund" are
// one word, and where in the text they stand.
const Folding = (() => {
  'use strict';
  const fold = (word) => word.toLowerCase()
    .replace(/æ/g, 'ae').replace(/ø/g, 'o').replace(/đ/g, 'd').replace(/ŋ/g, 'n')
    .normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/aa/g, 'a');
  // Letters and digits; a number keeps its decimals.
  const word = /\d+(?:[.,]\d+)+|[\p{L}\p{N}\p{M}]+/gu;
  const words = (text) => Array.from(text.matchAll(word), (found) => ({
    key: fold(found[0]), start: found.index, end: found.index + found[0].length,
  }));
  return { words, keys: (text) => words(text).map((one) => one.key) };
})();
