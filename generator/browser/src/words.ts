// Words as search compares them: without capitals, accents and endings of punctuation.

const WORD = /[\p{L}\p{N}]+/gu;

/** The words of a text as they stand there. */
export function wordsOf(text: string): string[] {
  return text.match(WORD) ?? [];
}

/** A word without what people leave out when they look for it: "Élan" becomes "elan". */
export function fold(word: string): string {
  return word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

export interface Stretch {
  readonly text: string;
  /** Whether it is one of the words that were found. */
  readonly found: boolean;
}

const BEFORE = 60;
const LENGTH = 200;

/** A piece of the text around the first of the found words, each of them marked. */
export function excerpt(text: string, found: ReadonlySet<string>): Stretch[] {
  const places = placesOf(text, found);
  const from = wordStart(text, Math.max(0, (places[0]?.from ?? 0) - BEFORE));
  const to = wordEnd(text, Math.min(text.length, from + LENGTH));
  const stretches: Stretch[] = from > 0 ? [{ text: "… ", found: false }] : [];
  let at = from;
  for (const place of places.filter((one) => one.from >= from && one.to <= to)) {
    stretches.push({ text: text.slice(at, place.from), found: false });
    stretches.push({ text: text.slice(place.from, place.to), found: true });
    at = place.to;
  }
  stretches.push({ text: text.slice(at, to) + (to < text.length ? " …" : ""), found: false });
  return stretches.filter((one) => one.text !== "");
}

function placesOf(text: string, found: ReadonlySet<string>): { from: number; to: number }[] {
  return [...text.matchAll(WORD)]
    .filter(([word]) => found.has(fold(word)))
    .map((match) => ({ from: match.index, to: match.index + match[0].length }));
}

/** The beginning of the word that stands at a place. */
function wordStart(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf(" ", at) + 1;
}

function wordEnd(text: string, at: number): number {
  const space = text.indexOf(" ", at);
  return space === -1 ? text.length : space;
}
