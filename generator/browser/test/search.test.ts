import assert from "node:assert/strict";
import { test } from "node:test";
import { plainText } from "../src/gather.ts";
import { SearchIndex, type Piece } from "../src/search.ts";
import { excerpt, fold } from "../src/words.ts";

function piece(id: string, text: string, title = "Idris with Bryony"): Piece {
  return { id, title, section: "Notes", day: "Thu 12 Nov", address: `#/cycle/c-1/at/${id}`, text };
}

function indexOf(...pieces: readonly Piece[]): SearchIndex {
  const index = new SearchIndex();
  pieces.forEach((one) => index.add(one));
  return index;
}

const found = (index: SearchIndex, words: string): string[] =>
  index.find(words).map((hit) => hit.piece.id);

test("A note is found by any of its words, by the beginning of one, and by both together.", () => {
  const index = indexOf(piece("a", "Wait after a question"), piece("b", "Wait at the door"));
  assert.deepEqual(found(index, "question"), ["a"]);
  assert.deepEqual(found(index, "quest"), ["a"]);
  assert.deepEqual(found(index, "wait door"), ["b"]);
  assert.deepEqual(found(index, "question door"), []);
});

test("Capitals, accents and a slip of the finger in a long word are forgiven.", () => {
  const index = indexOf(piece("a", "Chloé asked about Vocabulary"));
  for (const words of ["chloe", "CHLOÉ", "vocabulery"]) {
    assert.deepEqual(found(index, words), ["a"], words);
  }
  assert.deepEqual(found(index, "cloud"), []);
});

test("A name in a page's title comes before the same name in a note.", () => {
  const index = indexOf(piece("note", "Wren came in"), piece("page", "", "Wren with Tamsin"));
  assert.deepEqual(found(index, "wren"), ["page", "note"]);
});

test("What stands on two pages is found once.", () => {
  const index = indexOf(piece("a", "tennis ball"), piece("a", "tennis ball"));
  assert.deepEqual([index.size, found(index, "tennis").length], [1, 1]);
});

test("Nothing is found once it has been cleared, and nothing is left in memory.", () => {
  const index = indexOf(piece("a", "tennis ball"));
  index.clear();
  assert.deepEqual([index.size, found(index, "tennis")], [0, []]);
});

test("An excerpt stands around the first word found, with each of them marked.", () => {
  const before = "First came the register and then the books were given out. ".repeat(4);
  const stretches = excerpt(`${before}The tennis ball went round.`, new Set(["tennis", "ball"]));
  const marked = stretches.filter((one) => one.found).map(({ text }) => text);
  assert.deepEqual(marked, ["tennis", "ball"]);
  assert.equal(stretches[0]?.text, "… ");
  assert.ok(stretches.map(({ text }) => text).join("").length < 220);
});

test("An excerpt of a text that was found by its title is the beginning of the text.", () => {
  assert.deepEqual(excerpt("Short.", new Set(["wren"])), [{ text: "Short.", found: false }]);
});

test("Markdown is read without its signs.", () => {
  const text =
    "- [ ] Wait **three** seconds (by 2026-11-19)\n- [x] Say `names`\n\n1. The *first* snake_case word";
  assert.equal(
    plainText(text),
    "Wait three seconds (by Thu 19 Nov) Say names The first snake_case word",
  );
});

test("A word folds to the same whatever it was typed like.", () => {
  assert.deepEqual(["Élan", "e\u0301lan", "ELAN"].map(fold), ["elan", "elan", "elan"]);
});

/** A vocabulary of 3,000 words that are as unlike each other as words are. */
function vocabulary(): string[] {
  const [starts, middles, ends] = ["b c d f g h l m n p r s t w", "a e i o u", "ck lm nd rs st th"];
  const join = (...parts: readonly string[]): string => parts.join("");
  const ones = starts.split(" ").flatMap((one) => middles.split(" ").map((two) => join(one, two)));
  const tails = ends.split(" ").flatMap((one) => middles.split(" ").map((two) => join(one, two)));
  return ones
    .flatMap((one) => tails.map((two) => join(one, two)))
    .concat(ones.map((one) => one + one));
}

test("The first result over 2,000 sections comes in less than 200 ms.", () => {
  const words = vocabulary();
  const index = new SearchIndex();
  for (let n = 0; n < 2000; n += 1) {
    const at = (k: number): string => words[(n * 31 + k * k * 17) % words.length] ?? "";
    index.add(piece(`s-${n}`, Array.from({ length: 120 }, (_, k) => at(k)).join(" ")));
  }
  for (const asked of ["bastu", "ga wi", "hondo", "hondx"]) {
    const start = performance.now();
    const hits = index.find(asked);
    const took = performance.now() - start;
    assert.ok(hits.length > 0, asked);
    assert.ok(took < 200, `${asked}: ${took} ms`);
  }
});
