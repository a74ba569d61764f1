import assert from "node:assert/strict";
import { test } from "node:test";
import { stepsOn } from "../src/elsewhere.ts";
import type { Blocks, PageBlock } from "../src/shapes.ts";

function block(type: string, section: string, reader: string): PageBlock {
  return {
    armor: "",
    workspace: "w",
    record: `${type} ${section} ${reader}`,
    type,
    section,
    revision: 1,
    parties: [],
    readers: [[reader, "fingerprint"]],
    date: "2026-09-14",
    label: "",
    path: "",
    signers: new Map(),
  };
}

const blocks: Blocks = new Map([
  ["b1", block("session", "Notes", "p-wren")],
  ["b2", block("session", "Action steps", "p-wren")],
  ["b3", block("session", "Action steps", "p-idris")],
  ["b4", block("cycle", "Action steps", "p-wren")],
]);
const keys = new Map([["p-wren", []]]);

function found(mineOnly: boolean): string[] {
  const wanted = { sections: ["Action steps", "Will"], mineOnly };
  return stepsOn(blocks, "cycle/c-1/autumn-1", wanted, keys).map(({ record }) => record);
}

test("Steps on another page are those of its sessions, and of no other record.", () => {
  assert.deepEqual(found(false), ["session Action steps p-wren", "session Action steps p-idris"]);
});

test("On a reader's own page, what was sealed for others is not even counted.", () => {
  assert.deepEqual(found(true), ["session Action steps p-wren"]);
});

test("A step leads back to the page it was found on.", () => {
  const wanted = { sections: ["Action steps"], mineOnly: true };
  const [step] = stepsOn(blocks, "cycle/c-1/autumn-1", wanted, keys);
  assert.deepEqual([step?.path, step?.date], ["cycle/c-1/autumn-1", "2026-09-14"]);
});
