// In what order the rows of a table stand, and which of them a filter lets through.

export type Direction = "ascending" | "descending";

/** What a cell is sorted by: a number, a text, or null for nothing, which always comes last. */
export type SortKey = number | string | null;

const collator = new Intl.Collator("en-GB", { numeric: true, sensitivity: "base" });
const HIDDEN = "[c]";
const LEADING_NUMBER = /^[−-]?\d[\d,]*(?:\.\d+)?/u;

/** The key of a cell: its stated one if it has one, else what its text says. */
export function sortKey(text: string, stated: string | null, isNumber: boolean): SortKey {
  const given = (stated ?? text).trim();
  if (given === "" || given === HIDDEN) {
    return null;
  }
  if (stated !== null) {
    return Number.isNaN(Number(given)) ? given : Number(given);
  }
  return isNumber ? leadingNumber(given) : given;
}

function leadingNumber(text: string): SortKey {
  const found = LEADING_NUMBER.exec(text)?.[0];
  return found === undefined ? text : Number(found.replaceAll(",", "").replace("−", "-"));
}

/** The places of the keys in order; equal ones stay as they were. */
export function sortedPlaces(keys: readonly SortKey[], direction: Direction): number[] {
  const sign = direction === "ascending" ? 1 : -1;
  const places = keys.map((_, place) => place);
  return places.sort((a, b) => compare(keys[a] ?? null, keys[b] ?? null, sign));
}

function compare(a: SortKey, b: SortKey, sign: number): number {
  if (a === null || b === null) {
    return Number(a === null) - Number(b === null);
  }
  if (typeof a === "number" && typeof b === "number") {
    return sign * (a - b);
  }
  return sign * collator.compare(String(a), String(b));
}

/** Whether a row holds every word that was typed, in any order and case. */
export function matches(row: string, typed: string): boolean {
  const text = fold(row);
  return fold(typed)
    .split(/\s+/u)
    .every((word) => text.includes(word));
}

function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
