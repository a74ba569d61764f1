import "./page.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { sayOnce } from "../src/byline.ts";
import { el } from "../src/dom.ts";

const SIGNED = "Sealed by Wren Abara on 12 Nov 2026.";
const OTHER = "Sealed by Idris Marlowe on 12 Nov 2026.";
const FALSE = "The signature does not match: it was made after Wren Abara had left.";

/** A note whose sections have these lines under their text, as the page stands after opening. */
function noteWith(...lines: string[]): HTMLElement {
  const sections = lines.map((line) =>
    el("section", { class: "sealed" }, el("div", { "data-sealed": "b" }, ...lineOf(line))),
  );
  for (const place of sections.map((section) => section.firstElementChild as HTMLElement)) {
    place.dataset["author"] = "signed";
  }
  return el("div", { class: "note" }, ...sections, el("p", { class: "readers" }, "Wren."));
}

function lineOf(line: string): HTMLElement[] {
  const kind = line === FALSE ? "byline notice" : "byline";
  const text = el("div", { class: "prose" }, `As ${SIGNED}`);
  return line === "" ? [text] : [text, el("p", { class: kind }, line)];
}

/** The lines of each section, and those below them all. */
function saidIn(note: HTMLElement): string[][] {
  return [...note.children].map((child) =>
    [...child.querySelectorAll(".byline")].map((line) => line.textContent ?? ""),
  );
}

test("What all sections of a note say alike stands once, above who can read it.", () => {
  const note = noteWith(SIGNED, SIGNED, SIGNED);
  sayOnce(note);
  sayOnce(note);
  assert.deepEqual(saidIn(note), [[], [], [], [SIGNED], []]);
  assert.equal(note.querySelector<HTMLElement>(":scope > div")?.dataset["author"], "signed");
});

test("Where two wrote a note, each section says who wrote it.", () => {
  const note = noteWith(SIGNED, OTHER);
  sayOnce(note);
  assert.deepEqual(saidIn(note), [[SIGNED], [OTHER], []]);
});

test("A false signature is said at its own section, even where every one is false.", () => {
  const notes = [noteWith(SIGNED, FALSE), noteWith(FALSE, FALSE)];
  notes.forEach(sayOnce);
  assert.deepEqual(notes.map(saidIn), [
    [[SIGNED], [FALSE], []],
    [[FALSE], [FALSE], []],
  ]);
});

test("Nothing is said of a whole note before each of its sections has been looked at.", () => {
  const note = noteWith(SIGNED, "");
  sayOnce(note);
  assert.deepEqual(saidIn(note), [[SIGNED], [], []]);
});
