import assert from "node:assert/strict";
import { test } from "node:test";
// First of all, as the code under test takes the window that is there when it loads.
import { page } from "./page.ts";
import { cardMarkdown, cardRows, enhanceExports } from "../src/exportcard.ts";
import { GivenPart } from "../src/givenout.ts";

const { document } = page.window;

/** A card as the page of induction has it, once its standards have been opened. */
function card(): HTMLElement {
  const root = document.createElement("div");
  root.innerHTML =
    '<section data-export="induction-p1"><h2>Wren Ashgrove</h2>' +
    "<dl><div><dt>Began</dt><dd>2 Sep 2024</dd></div><div><dt>Works</dt><dd>80% of full time</dd></div></dl>" +
    "<h3>Standards seen so far</h3><table><thead><tr><th>Looked at</th><th>Last seen</th></tr></thead>" +
    "<tbody><tr><th>7a Clear rules | routines</th><td>partly <svg><title>no</title></svg></td></tr></tbody></table>" +
    '<ul><li>Thu 12 Nov <span class="visually-hidden">opens</span></li></ul><p class="opening">Opening…</p>' +
    "<div data-export-tools></div></section>";
  document.body.replaceChildren(root);
  return root;
}

test("A card is taken along as Markdown, with its facts and what was opened in it.", () => {
  assert.equal(
    cardMarkdown(card()),
    [
      "# Wren Ashgrove",
      "",
      "|  |  |",
      "| --- | --- |",
      "| Began | 2 Sep 2024 |",
      "| Works | 80% of full time |",
      "",
      "## Standards seen so far",
      "",
      "| Looked at | Last seen |",
      "| --- | --- |",
      "| 7a Clear rules \\| routines | partly |",
      "",
      "- Thu 12 Nov",
      "",
    ].join("\n"),
  );
});

test("A card is taken along as rows, each under its heading.", () => {
  assert.deepEqual(cardRows(card()), [
    ["Wren Ashgrove", "Began", "2 Sep 2024"],
    ["Wren Ashgrove", "Works", "80% of full time"],
    ["Standards seen so far", "Looked at", "Last seen"],
    ["Standards seen so far", "7a Clear rules | routines", "partly"],
    ["Standards seen so far", "Thu 12 Nov"],
  ]);
});

test("A card that may be taken along has a button for each kind of file.", () => {
  const root = card();

  enhanceExports(root, "p-7kq2m4xa");

  const buttons = [...root.querySelectorAll("button")].map(({ textContent }) => textContent);
  assert.deepEqual(buttons, ["Download as Markdown", "Download as CSV"]);
});

test("What was taken along can be put on record, for whom it is, and is no part of the card.", () => {
  const root = card();
  const part = root.querySelector<HTMLElement>("[data-export]");
  assert.ok(part !== null);
  Object.assign(part.dataset, {
    gives: "induction",
    forWhom: "appropriate-body",
    school: "otterbeck",
    day: "2027-03-12",
    place: "records/otterbeck/logs/{day}-{id}.md",
  });
  const before = cardMarkdown(root);

  part.append(new GivenPart(part, "p-7kq2m4xa").ask("# Wren Ashgrove\n"));
  [...part.querySelectorAll("button")]
    .find(({ textContent }) => textContent === "Make the record")
    ?.click();

  const record = part.querySelector("pre")?.textContent ?? "";
  assert.match(record, /what: induction\nfor_whom: appropriate-body\nmade_on: 2027-03-12/u);
  assert.match(record, /made_by: p-7kq2m4xa\nleast: 0\nstatements: 0\nhash: /u);
  assert.ok(!record.includes("Wren"));
  assert.equal(cardMarkdown(root), before);
});
