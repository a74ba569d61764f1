// What was probably meant: the nearest known word. The twin of spelling.py.

/** The word in lower case, with hyphens where it has spaces or underscores. */
export function normal(word: string): string {
  return word
    .toLowerCase()
    .split(/[\s_-]+/u)
    .filter((part) => part !== "")
    .join("-");
}

/** The nearest option, the earlier of two; empty if none is near: a third of the letters, or one. */
export function closest(word: string, options: readonly string[]): string {
  const wanted = [...normal(word)];
  let best = "";
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const option of options) {
    const found = distance(wanted, [...normal(option)]);
    if (found < bestDistance) {
      [best, bestDistance] = [option, found];
    }
  }
  return best;
}

/** How many letters have to be put in, taken out or exchanged (Levenshtein). */
function distance(one: readonly string[], other: readonly string[]): number {
  let row = Array.from({ length: other.length + 1 }, (_, place) => place);
  for (const [at, letter] of one.entries()) {
    const next = [at + 1];
    for (const [to, wanted] of other.entries()) {
      const replaced = (row[to] ?? 0) + Number(letter !== wanted);
      next.push(Math.min(replaced, (row[to + 1] ?? 0) + 1, (next[to] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
