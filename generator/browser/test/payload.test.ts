import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { JsonObject } from "../src/json.ts";
import {
  formatPayload,
  parsePayload,
  TEXT_LIMIT,
  type Party,
  type Payload,
} from "../src/payload.ts";
import type { Kind, Problem } from "../src/problems.ts";
import type { ReaderPair } from "../src/readers.ts";

interface Written {
  workspace: string;
  record: string;
  type: string;
  section: string;
  revision: number;
  parties: Party[];
  author: string;
  "sealed-at": string;
  policy: string;
  rules: string[];
  readers: ReaderPair[];
  data: JsonObject;
  text: string;
}

interface Case {
  name: string;
  file: string;
  expect: "ok" | "damaged" | "newer";
  payload?: Written;
}

// The tests run in their own folder; the vectors are the Python tests' too.
const VECTORS = join("..", "..", "..", "tests", "vectors", "payload", "v1");
const { cases } = JSON.parse(readFileSync(join(VECTORS, "cases.json"), "utf-8")) as {
  cases: Case[];
};
const KINDS: Record<string, Kind> = { damaged: "damaged", newer: "newer-format" };

function read(file: string): Uint8Array {
  return new Uint8Array(readFileSync(join(VECTORS, file)));
}

function payloadOf(written: Written): Payload {
  const { "sealed-at": sealedAt, ...rest } = written;
  return { ...rest, sealedAt };
}

test("There are golden payloads of each kind.", () => {
  assert.deepEqual(new Set(cases.map(({ expect }) => expect)), new Set(["ok", "damaged", "newer"]));
});

for (const { name, file, expect, payload } of cases) {
  test(`The golden payload ${name} is ${expect}, as in Python.`, () => {
    if (payload === undefined) {
      assert.throws(
        () => parsePayload(read(file)),
        (error: Problem) => error.kind === KINDS[expect],
      );
    } else {
      assert.deepEqual(parsePayload(read(file)), payloadOf(payload));
    }
  });
}

const plain = payloadOf(cases.find(({ name }) => name === "plain")?.payload as Written);

test("A payload is written as Python writes it.", () => {
  assert.deepEqual(formatPayload(plain), read("plain.txt"));
});

test("What is written is read back, in any script and of any length.", () => {
  for (const text of [
    "",
    "x",
    "Nœud naïf 🦉👩‍🏫 e\u0301",
    "\n\n## no heading\n\n",
    "word ".repeat(4000),
  ]) {
    const payload = { ...plain, text, data: { lines: { "Naïve line": "œuf 🦉" }, steps: [] } };
    assert.deepEqual(parsePayload(formatPayload(payload)), payload);
  }
});

test("Parties and rules are written in one order, whatever order they came in.", () => {
  const parties: Party[] = [
    ["coachee", "p-b"],
    ["coach-two", "p-a"],
    ["coach", "p-z"],
    ["coach", "p-a"],
  ];
  const { parties: sorted, rules } = parsePayload(
    formatPayload({ ...plain, parties, rules: ["CB412", "CB411"] }),
  );
  assert.deepEqual(sorted, [
    ["coach", "p-a"],
    ["coach", "p-z"],
    ["coach-two", "p-a"],
    ["coachee", "p-b"],
  ]);
  assert.deepEqual(rules, ["CB411", "CB412"]);
});

test("What would not be read back is not written.", () => {
  const wrong: Partial<Payload>[] = [
    { section: "Notes\nreaders: p-x" },
    { record: "" },
    { revision: 0 },
    { readers: [] },
    { sealedAt: "2026-02-30T10:00:00Z" },
    { text: "half \ud83e of a pair" },
    { text: "x".repeat(TEXT_LIMIT + 1) },
  ];
  for (const change of wrong) {
    assert.throws(
      () => formatPayload({ ...plain, ...change }),
      (error: Problem) => error.kind === "cannot-seal",
    );
  }
});
