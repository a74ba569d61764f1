import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { page } from "./page.ts";
import { declassification } from "../src/declassify.ts";
import { escapeText, sheetFile, sheetForWord, sheetText, standing } from "../src/sheet.ts";

function part(html: string): HTMLElement {
  const holder = page.window.document.createElement("section");
  holder.innerHTML = html;
  return holder;
}

const TABLE =
  '<div data-table="figures"><div class="table-tools"><button>Download as CSV</button></div>' +
  '<table><thead><tr><th aria-sort="none"><button>Figure</button></th><th>Value</th></tr></thead>' +
  "<tbody><tr><th>Sessions that took place</th><td>80%</td></tr></tbody></table></div>";

test("What leaves the portal has no button, and the head of a column keeps its words.", () => {
  const copy = standing(part(TABLE));
  assert.equal(copy.querySelector("button, .table-tools"), null);
  assert.equal(copy.querySelector("th")?.textContent, "Figure");
});

test("A link into the portal becomes its words.", () => {
  assert.equal(
    standing(part('<p><a href="#/cycle/c-0a1b2c3d">A cycle</a></p>')).innerHTML,
    "<p>A cycle</p>",
  );
});

test("Who signed a statement stays behind, and a signature that does not match goes along.", () => {
  const copy = standing(
    part('<p class="byline">Signed by Ada.</p><p class="byline notice">It does not match.</p>'),
  );
  assert.equal(copy.innerHTML, '<p class="byline notice">It does not match.</p>');
});

test("Nothing that a page keeps for its script goes along.", () => {
  const copy = standing(part('<p data-blocks="b1" id="x" onclick="go()">Text</p>'));
  assert.equal(copy.innerHTML, "<p>Text</p>");
});

test("Statements that were not ticked stay behind.", () => {
  const file = sheetFile(
    part("<p>Figures</p><section hidden><p>A statement</p></section>"),
    "Page",
  );
  assert.ok(file.includes("Figures"));
  assert.ok(!file.includes("A statement"));
});

test("The file holds no script and may load nothing.", () => {
  const file = sheetFile(part("<p>Text</p><script>alert(1)</script>"), "Coaching at Otterbeck");
  assert.ok(!/<script/iu.test(file));
  assert.match(
    file,
    /Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'/u,
  );
  assert.ok(!/(?:src|href)=/u.test(file));
});

test("A word processor gets tables with lines, and of a chart its numbers.", () => {
  const copied = sheetForWord(part(`<figure><svg><path d="M0 0"></path></svg>${TABLE}</figure>`));
  assert.match(copied, /<table border="1" cellpadding="4">/u);
  assert.ok(!copied.includes("<svg"));
});

test("A title is text, whatever stands in it.", () => {
  assert.equal(escapeText('<b> & "c"'), "&lt;b&gt; &amp; &quot;c&quot;");
});

test("As plain text, a table has one line for each row and a tab between cells.", () => {
  assert.equal(
    sheetText(part(`<h2>Otterbeck</h2>${TABLE}`)),
    "Otterbeck\nFigure\tValue\nSessions that took place\t80%\n",
  );
});

const GIVEN = {
  what: "governors-page",
  forWhom: "governors",
  school: "otterbeck",
  day: "2027-03-12",
  from: "2026-09-02",
  to: "2027-03-12",
  by: "p-7kq2m4xa",
  least: 5,
  statements: 0,
  figures: [],
  file: "<!doctype html>\n",
};
const PLACE = "records/otterbeck/logs/{day}-{id}.md";

test("The record of a page given out says what, for whom, when, by whom and which file.", () => {
  const made = declassification(GIVEN, PLACE, (length) => new Uint8Array(length));
  const hash = createHash("sha256").update(GIVEN.file).digest("hex");
  assert.equal(made.path, "records/otterbeck/logs/2027-03-12-dc-00000000.md");
  assert.equal(
    made.text,
    "---\ntype: declassification\nid: dc-00000000\nschool: otterbeck\nwhat: governors-page\n" +
      "for_whom: governors\nmade_on: 2027-03-12\nmade_by: p-7kq2m4xa\nfrom: 2026-09-02\n" +
      `to: 2027-03-12\nleast: 5\nstatements: 0\nhash: ${JSON.stringify(hash)}\n---\n`,
  );
});

test("A governors' page has its figures in the record, for the next one to be compared with.", () => {
  const figures = ["minutes: 1,132, 1,132 minutes, 21 people", "visits: 13, 13 visits, 10 people"];
  const given = { ...GIVEN, figures };
  const made = declassification(given, PLACE, (length) => new Uint8Array(length));
  assert.match(made.text, /\nfigures: \["minutes: 1,132, 1,132 minutes, 21 people", "visits: /u);
});
