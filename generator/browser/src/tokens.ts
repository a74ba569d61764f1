// The words of a running text, each with its place, and phrases of them. Twin of forms/tokens.py.

import { lengthOf } from "./faults.ts";
import { LISTS } from "./wordlists.ts";

/** A word of the text. */
export interface Token {
  readonly text: string;
  /** In small letters, without accents or a final 's. */
  readonly folded: string;
  readonly line: number;
  readonly column: number;
  /** Whether it ends in an apostrophe and s. */
  readonly owns: boolean;
  /** Whether a sentence, a line or quoted words begin with it. */
  readonly fresh: boolean;
  /** Which sentence of the text it belongs to. */
  readonly sentence: number;
  /** Whether nothing but one space divides it from the word before. */
  readonly close: boolean;
  /** What stands between the word before and this one. */
  readonly gap: string;
  /** "Kai", but not "kai" nor "KS". */
  readonly capital: boolean;
}

const LETTERS = "[\\p{L}\\p{Nl}\\p{No}\\u0300-\\u036f]+";
const WORD = new RegExp(`${LETTERS}(?:['\\u2019\\u2010-]${LETTERS})*`, "gu");
const FRESH = /[.!?\u2026:;"\u201c\u201d([\]|\n]|(?:^|[ \t])['\u2018]$/u;
const ENDED = /[.!?\u2026|]|\n[ \t]*\n|\n[ \t]*(?:[-*+#>]|\d+[.)])[ \t]/u;
const CONTRACTED = /^(.+)'(s|d|m|ll|re|ve)$/u;
const MARKS = /[\u0300-\u036f]/gu;
const OWNING = ["' ", "\u2019 "];

export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let [line, column, end, sentence] = [1, 1, 0, 0];
  for (const match of text.matchAll(WORD)) {
    const [word] = match;
    const gap = text.slice(end, match.index);
    const breaks = gap.split("\n").length - 1;
    line += breaks;
    column = breaks > 0 ? lengthOf(gap.slice(gap.lastIndexOf("\n"))) : column + lengthOf(gap);
    sentence += Number(ENDED.test(gap));
    const first = end === 0;
    end = match.index + word.length;
    const [folded, ending] = stem(fold(word));
    tokens.push({
      text: word,
      folded,
      line,
      column,
      owns: ending === "s" || OWNING.includes(text.slice(end, end + 2)),
      fresh: first || FRESH.test(gap),
      sentence,
      close: gap === " ",
      gap,
      capital: isCapitalised(word),
    });
    column += lengthOf(word);
  }
  return tokens;
}

/** The word in small letters, without accents, and with plain apostrophes. */
export function fold(word: string): string {
  const plain = [...word.normalize("NFKD").replace(MARKS, "")];
  return plain
    .map((letter) => LISTS.folds.get(letter) ?? letter)
    .join("")
    .toLowerCase();
}

function isCapitalised(word: string): boolean {
  const [first = "", ...rest] = word;
  const tail = rest.join("");
  return /^\p{Uppercase}/u.test(first) && (tail === "" || tail !== tail.toUpperCase());
}

/** A folded word and what an apostrophe ties to it: "kai" and "s" of "kai's". */
function stem(word: string): [string, string] {
  const [, head, ending] = CONTRACTED.exec(word) ?? [];
  return head === undefined || ending === undefined ? [word, ""] : [head, ending];
}

/** Phrases by their first words. */
export type PhraseBook = ReadonlyMap<string, readonly (readonly string[])[]>;

export function phraseBook(phrases: readonly string[]): PhraseBook {
  const book = new Map<string, string[][]>();
  for (const phrase of phrases) {
    const folded = [...phrase.matchAll(WORD)].map(([word]) => stem(fold(word))[0]);
    const [first = ""] = folded;
    book.set(first, [...(book.get(first) ?? []), folded]);
  }
  return book;
}

/** How many words the longest of the phrases has that stands here in one sentence, or 0. */
export function phraseLength(words: readonly Token[], at: number, book: PhraseBook): number {
  const first = words[at];
  const fitting = (first && book.get(first.folded)) ?? [];
  const standing = fitting.filter((phrase) =>
    phrase.every((word, place) => {
      const token = words[at + place];
      return token?.folded === word && token.sentence === first?.sentence;
    }),
  );
  return Math.max(0, ...standing.map(({ length }) => length));
}
