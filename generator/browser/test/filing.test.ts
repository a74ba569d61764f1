import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./page.ts";
import { leaveOutForOthers, offerEditing } from "../src/filing.ts";
import type { Blocks, PageBlock } from "../src/shapes.ts";

const EDIT = "https://git.example/edit/{path}";
const SESSION = "records/otterbeck/2026-27/c-1/2026-11-12-s-1.md";
const CYCLE = "records/otterbeck/2026-27/c-1/cycle.md";
const PLANNED = "records/otterbeck/2026-27/c-1/2026-12-03-s-2.md";

function block(record: string, reader: string): PageBlock {
  return {
    armor: "",
    workspace: "w",
    record,
    type: "session",
    section: "Notes",
    revision: 1,
    parties: [],
    readers: [[reader, "fingerprint"]],
    date: "",
    label: "",
    path: "",
    signers: new Map(),
  };
}

const blocks: Blocks = new Map([
  ["b1", block("c-1", "p-wren")],
  ["b2", block("s-1", "p-wren")],
  ["b3", block("s-1", "p-idris")],
]);

function shown(html: string): HTMLElement {
  const root = page.window.document.createElement("div");
  root.innerHTML = html;
  return root;
}

/** The paths that the reader is led to the git host with. */
function editable(reader: string): string[] {
  const files = [CYCLE, SESSION, PLANNED].map((path) => `<p class="file"><code>${path}</code></p>`);
  const root = shown(files.join(""));
  offerEditing(root, blocks, { edit: EDIT, keys: new Map([[reader, []]]) });
  return [...root.querySelectorAll(".file")]
    .filter((place) => place.querySelector("a") !== null)
    .map((place) => place.querySelector("code")?.textContent ?? "");
}

test("A record is offered for editing to whoever can open something of it.", () => {
  assert.deepEqual(editable("p-wren"), [CYCLE, SESSION, PLANNED]);
  assert.deepEqual(editable("p-idris"), [SESSION, PLANNED]);
});

test("A record of which all is sealed for others is not offered for editing.", () => {
  assert.deepEqual(editable("p-kwame"), [PLANNED]);
});

test("What is for certain readers is left out for all others.", () => {
  const html = '<p data-only-for="p-wren p-idris">Close it</p>';
  const [mine, other] = ["p-idris", "p-kwame"].map((reader) => {
    const root = shown(html);
    leaveOutForOthers(root, { keys: new Map([[reader, []]]) });
    return root.textContent;
  });
  assert.deepEqual([mine, other], ["Close it", ""]);
});
