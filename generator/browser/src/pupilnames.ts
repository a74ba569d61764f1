// Words of a text that may name a pupil. Twin of forms/pupilnames.py, which says how it decides.

import { phraseBook, phraseLength, type Token } from "./tokens.ts";
import { LISTS } from "./wordlists.ts";

const WELL_KNOWN = phraseBook(LISTS.phrases);

/** The words that may name a pupil, each name where it first stands; `known` names pass. */
export function pupilNames(words: readonly Token[], known: ReadonlySet<string>): Token[] {
  const masked = maskedPlaces(words);
  const able = new Set(
    words.flatMap((word, at) =>
      !masked.has(at) && mayBeName(word, known) && !isTitle(words, at) ? [at] : [],
    ),
  );
  const found = new Set([...able].filter((at) => isName(words, at, able)));
  const named = [...found, ...joined(words, able, found)].sort((one, other) => one - other);
  const told = new Map<string, Token>();
  for (const word of named.flatMap((at) => words[at] ?? [])) {
    if (!told.has(word.folded)) {
      told.set(word.folded, word);
    }
  }
  return [...told.values()];
}

/** Places inside well-known names, such as "Florence Nightingale". */
function maskedPlaces(words: readonly Token[]): Set<number> {
  const places = words.flatMap((_, at) =>
    Array.from({ length: phraseLength(words, at, WELL_KNOWN) }, (_one, step) => at + step),
  );
  return new Set(places);
}

function mayBeName(word: Token, known: ReadonlySet<string>): boolean {
  const fits = word.capital && [...word.text].length > 1;
  return fits && !parts(word).some((part) => known.has(part)) && !LISTS.never.has(word.folded);
}

/** The word and, of one with hyphens, what it is made of. */
function parts(word: Token): string[] {
  return [word.folded, ...word.folded.split("-")];
}

/** True in "Queen Victoria", "Henry VIII", "Willow class". */
function isTitle(words: readonly Token[], at: number): boolean {
  const [before, after] = [wordBefore(words, at), wordAfter(words, at)];
  if (before !== undefined && LISTS.titles.has(before.folded) && before.capital) {
    return true;
  }
  if (after === undefined || words[at]?.owns === true) {
    return false;
  }
  return LISTS.ordinals.has(after.folded) || LISTS.places.has(after.folded);
}

function isName(words: readonly Token[], at: number, able: ReadonlySet<number>): boolean {
  const word = words[at];
  if (word === undefined) {
    return false;
  }
  if (LISTS.names.has(word.folded) || LISTS.names.has(word.folded.split("-")[0] ?? "")) {
    return true;
  }
  const before = wordBefore(words, at);
  if (before !== undefined && !word.fresh) {
    if (LISTS.articles.has(before.folded) || leadsOn(words, at)) {
      return false;
    }
  }
  if (LISTS.sometimes.has(word.folded) && !word.fresh && !leadsOn(words, at + 1)) {
    return true;
  }
  if (able.has(at - 1) && before !== undefined && !word.fresh) {
    return false;
  }
  return acts(words, at, able);
}

/** True where a word with a capital stands close before this one with a capital: "Iron Age". */
function leadsOn(words: readonly Token[], at: number): boolean {
  const [word, before] = [words[at], wordBefore(words, at)];
  if (word === undefined || word.fresh || before === undefined || before.fresh) {
    return false;
  }
  return word.capital && before.capital;
}

/** True where the word, or the words with capitals that it begins, stand as a person does. */
function acts(words: readonly Token[], at: number, able: ReadonlySet<number>): boolean {
  let last = at;
  while (able.has(last + 1) && words[last + 1]?.close === true) {
    last += 1;
  }
  let after = wordAfter(words, last);
  if (after !== undefined && LISTS.between.has(after.folded)) {
    after = wordAfter(words, last + 1);
  }
  const word = words[at];
  const fresh = word?.fresh === true;
  const endings = (part: string): boolean => LISTS.endings.some((end) => part.endsWith(end));
  if (word === undefined || (fresh && parts(word).some(endings))) {
    return false;
  }
  if (words[last]?.owns === true && after !== undefined && !after.capital) {
    return true;
  }
  if (after !== undefined && LISTS.verbs.has(after.folded)) {
    return true;
  }
  const weak = after !== undefined && LISTS.weakverbs.has(after.folded);
  return !fresh && (isLed(words, at) || weak);
}

/** True after "asked", "sat with", "a girl". */
function isLed(words: readonly Token[], at: number): boolean {
  const before = wordBefore(words, at);
  if (before === undefined) {
    return false;
  }
  const earlier = before.close ? words[at - 2] : undefined;
  const pair = `${earlier?.folded ?? ""} ${before.folded}`;
  return LISTS.leads.has(before.folded) || LISTS.leadpairs.has(pair);
}

/** What stands beside a name as "Amelia, Zubair and Kemi" do. */
function joined(
  words: readonly Token[],
  able: ReadonlySet<number>,
  found: ReadonlySet<number>,
): Set<number> {
  const added = new Set<number>();
  const ways: [number[], number][] = [
    [[...able], -1],
    [[...able].reverse(), 1],
  ];
  for (const [order, step] of ways) {
    for (const at of order) {
      if (beside(words, at, step).some((other) => found.has(other) || added.has(other))) {
        added.add(at);
      }
    }
  }
  return added;
}

/** The places of the words that a comma or "and" ties to this one, before it or after it. */
function beside(words: readonly Token[], at: number, step: number): number[] {
  const near = at + step;
  const gap = words[Math.max(at, near)]?.gap ?? "";
  if (words[near] === undefined) {
    return [];
  }
  if (gap === ", ") {
    return [near];
  }
  const ties = ["and", "or"].includes(words[near].folded) && gap === " ";
  return ties && words[near + step] !== undefined ? [near + step] : [];
}

function wordBefore(words: readonly Token[], at: number): Token | undefined {
  return words[at]?.close === true ? words[at - 1] : undefined;
}

function wordAfter(words: readonly Token[], at: number): Token | undefined {
  const after = words[at + 1];
  return after?.close === true ? after : undefined;
}
