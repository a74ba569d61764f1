// What can be found: pieces of pages and opened sections, in memory for as long as it is unlocked.

import MiniSearch from "minisearch";
import { fold, wordsOf } from "./words.ts";

/** Something that can be found: a page's own words, or one section on it. */
export interface Piece {
  /** The record and section, or the page: what is shown twice is found once. */
  readonly id: string;
  /** The title of its page. */
  readonly title: string;
  /** The section's heading, empty for the page's own words. */
  readonly section: string;
  /** The day of its record in words, empty if the page doesn't say. */
  readonly day: string;
  /** The address that leads to it. */
  readonly address: string;
  readonly text: string;
}

export interface Hit {
  readonly piece: Piece;
  /** The words of it that were found, folded. */
  readonly words: ReadonlySet<string>;
}

const FIELDS = ["title", "section", "day", "text"];
const SHORTEST_PREFIX = 2;
/** Shorter words are too like each other to forgive a slip. */
const SHORTEST_FUZZY = 5;
const SLIPS = 0.2;

/** How far a word may be from what was typed, where nothing fits as it stands. */
const slips = (word: string): number | false => (word.length >= SHORTEST_FUZZY ? SLIPS : false);

export class SearchIndex {
  readonly #pieces = new Map<string, Piece>();
  readonly #engine = new MiniSearch<Piece>({
    fields: FIELDS,
    tokenize: wordsOf,
    processTerm: fold,
    searchOptions: {
      combineWith: "AND",
      boost: { title: 3, section: 1.5, day: 2 },
      prefix: (word) => word.length >= SHORTEST_PREFIX,
      weights: { prefix: 0.6, fuzzy: 0.2 },
    },
  });

  get size(): number {
    return this.#pieces.size;
  }

  has(id: string): boolean {
    return this.#pieces.has(id);
  }

  add(piece: Piece): void {
    if (!this.#pieces.has(piece.id)) {
      this.#pieces.set(piece.id, piece);
      this.#engine.add(piece);
    }
  }

  /** The pieces with all these words, or their beginnings; the nearest first. */
  find(query: string): Hit[] {
    const exact = this.#engine.search(query);
    const found = exact.length > 0 ? exact : this.#engine.search(query, { fuzzy: slips });
    return found.flatMap(({ id, match }) => {
      const piece = this.#pieces.get(String(id));
      return piece === undefined ? [] : [{ piece, words: new Set(Object.keys(match)) }];
    });
  }

  /** Forgets every word. */
  clear(): void {
    this.#pieces.clear();
    this.#engine.removeAll();
  }
}
