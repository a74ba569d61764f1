import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { checkProse, type Around } from "../src/prose.ts";

const FOLDER = join("..", "..", "..", "tests", "vectors", "text");
const around = JSON.parse(readFileSync(join(FOLDER, "around.json"), "utf-8")) as Around;

/** Where the marked words of a sentence begin, in characters, once the marks are taken out. */
function marked(sentence: string): number[] {
  const parts = sentence.split("*");
  const starts = parts.map((_, at) => [...parts.slice(0, at).join("")].length + 1);
  return starts.filter((_, at) => at % 2 === 1);
}

for (const lint of ["pupils", "identity", "judgement", "safeguarding", "steps", "grades"]) {
  const rows = readFileSync(join(FOLDER, `${lint}.txt`), "utf-8").split("\n");
  const sentences = rows.filter((row) => row !== "" && !row.startsWith("#"));

  test(`What is marked is found and nothing else: ${lint}.`, () => {
    for (const sentence of sentences) {
      const found = checkProse(sentence.replaceAll("*", ""), [lint], around);
      assert.deepEqual(
        found.map(({ column }) => column),
        marked(sentence),
        sentence,
      );
    }
  });
}

test("A name is told once, at its first place.", () => {
  const found = checkProse("Kai read.\nThen Kai wrote, and Freya read.\n", ["pupils"], around);

  assert.deepEqual(
    found.map(({ line, column }) => [line, column]),
    [
      [1, 1],
      [2, 21],
    ],
  );
});

test("Safeguarding points to the school's own form.", () => {
  const route = "https://otterbeck.example/form";
  const [fault] = checkProse("She disclosed that her stepdad is violent.", ["safeguarding"], {
    ...around,
    route,
  });

  assert.equal(fault?.code, "CB419");
  assert.ok(fault?.hint.endsWith(route));
});

test("A hundred thousand words are searched in one pass.", () => {
  for (const text of [
    "Kai ".repeat(40_000),
    "A.".repeat(100_000),
    "Abcd, ".repeat(25_000),
    "you should ".repeat(20_000),
  ]) {
    const found = checkProse(
      text,
      ["pupils", "identity", "judgement", "safeguarding", "steps", "grades"],
      around,
    );
    assert.ok(found.every(({ line }) => line === 1));
  }
});
