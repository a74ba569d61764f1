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
  type Written,
} from "../src/payload.ts";
import type { Kind, Problem } from "../src/problems.ts";
import type { ReaderPair } from "../src/readers.ts";

interface Values {
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
  written?: Written;
}

interface Case {
  name: string;
  file: string;
  expect: "ok" | "damaged" | "newer";
  payload?: Values;
}

// The tests run in their own folder; the vectors are the Python tests' too.
const VECTORS = join("..", "..", "..", "tests", "vectors", "payload");
const cases = ["v1", "v2"].flatMap((format) => {
  const file = readFileSync(join(VECTORS, format, "cases.json"), "utf-8");
  const document = JSON.parse(file) as { cases: Case[] };
  return document.cases.map((one) => ({ ...one, file: join(format, one.file), format }));
});
const KINDS: Record<string, Kind> = { damaged: "damaged", newer: "newer-format" };

function read(file: string): Uint8Array {
  return new Uint8Array(readFileSync(join(VECTORS, file)));
}

function payloadOf(written: Values): Payload {
  const { "sealed-at": sealedAt, ...rest } = written;
  return { ...rest, sealedAt };
}

test("There are golden payloads of each kind.", () => {
  assert.deepEqual(new Set(cases.map(({ expect }) => expect)), new Set(["ok", "damaged", "newer"]));
});

for (const { name, file, format, expect, payload } of cases) {
  test(`The golden payload ${name} of ${format} is ${expect}, as in Python.`, () => {
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

const plain = payloadOf(cases.find(({ name }) => name === "plain")?.payload as Values);

test("A payload is written as Python writes it.", () => {
  const ours = cases.filter(({ name }) =>
    /^(?:plain|text|data-other|data-empty|parties-re)/u.test(name),
  );
  for (const { file, payload } of ours) {
    if (payload !== undefined) {
      assert.deepEqual(formatPayload(payloadOf(payload)), read(file), file);
    }
  }
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
