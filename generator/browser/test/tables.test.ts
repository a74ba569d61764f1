import assert from "node:assert/strict";
import { test } from "node:test";
// First of all, as the code under test takes the window that is there when it loads.
import { page } from "./page.ts";
import { toCsv } from "../src/csv.ts";
import { matches, sortedPlaces, sortKey } from "../src/rowsort.ts";
import { enhanceTables } from "../src/tables.ts";

const { document } = page.window;

/** A table as the macro writes it: people with a number of sessions and the day of the last. */
function shown(rows: readonly (readonly [string, string, string])[], filter = ""): HTMLElement {
  const root = document.createElement("div");
  const body = rows.map(
    ([who, count, day]) =>
      `<tr><th scope="row">${who}</th><td>${count}</td><td data-sort="${day}">a ${day}</td></tr>`,
  );
  root.innerHTML =
    `<div data-table="people"${filter}><div data-table-tools></div><table><thead><tr>` +
    `<th scope="col">Who</th><th scope="col" data-kind="number">Sessions</th><th scope="col" data-choose>Last</th>` +
    `</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
  document.body.replaceChildren(root);
  enhanceTables(root);
  return root;
}

function names(root: HTMLElement): string[] {
  const rows = [...root.querySelectorAll<HTMLTableRowElement>("tbody tr")];
  const shown = rows.filter((row) => !row.hidden && !row.classList.contains("later"));
  return shown.map((row) => row.cells[0]?.textContent ?? "");
}

function press(root: HTMLElement, name: string): void {
  const found = [...root.querySelectorAll("button")].find((one) => one.textContent === name);
  assert.ok(found, name);
  found.click();
}

function type(root: HTMLElement, text: string): void {
  const input = root.querySelector("input");
  assert.ok(input);
  input.value = text;
  input.dispatchEvent(new page.window.Event("input"));
}

const PEOPLE = [
  ["Wren", "10", "2026-11-12"],
  ["Álvaro", "9", "2026-10-01"],
  ["Bryony", "[c]", "2027-01-14"],
] as const;

test("Numbers are sorted as numbers, days by the day, and what is hidden comes last.", () => {
  const root = shown(PEOPLE);
  press(root, "Sessions");
  assert.deepEqual(names(root), ["Álvaro", "Wren", "Bryony"]);
  press(root, "Sessions");
  assert.deepEqual(names(root), ["Wren", "Álvaro", "Bryony"]);
  press(root, "Last");
  assert.deepEqual(names(root), ["Álvaro", "Wren", "Bryony"]);
});

test("The heading that a table is sorted by says so, and no other does.", () => {
  const root = shown(PEOPLE);
  press(root, "Who");
  press(root, "Last");
  const said = [...root.querySelectorAll("th[scope=col]")].map((one) =>
    one.getAttribute("aria-sort"),
  );
  assert.deepEqual(said, [null, null, "ascending"]);
});

test("A filter finds words in any order, case and with or without accents.", () => {
  assert.ok(matches("Álvaro Sánchez, coach", "COACH alvaro"));
  assert.ok(!matches("Álvaro Sánchez, coach", "coach wren"));
  const root = shown(PEOPLE, ' data-filter="yes"');
  type(root, "bry");
  assert.deepEqual(names(root), ["Bryony"]);
  assert.equal(root.querySelector("[role=status]")?.textContent, "1 of 3 rows. ");
});

test("A column with few values can be chosen from, in a table that is long enough.", () => {
  assert.equal(shown(PEOPLE).querySelector("#people-choice-2"), null);
  const root = shown([...PEOPLE, ...PEOPLE]);
  const select = root.querySelector<HTMLSelectElement>("#people-choice-2");
  assert.ok(select);
  select.value = "a 2026-10-01";
  select.dispatchEvent(new page.window.Event("change"));
  assert.deepEqual(names(root), ["Álvaro", "Álvaro"]);
});

test("A short table has no filter, and one row has nothing to sort by.", () => {
  const root = shown(PEOPLE.slice(0, 1));
  assert.equal(root.querySelector("input"), null);
  assert.equal(root.querySelector(".sort"), null);
});

test("A table of a year shows a hundred rows until the others are asked for.", () => {
  const many = Array.from({ length: 130 }, (_, place) => [`P${place}`, "1", ""] as const);
  const root = shown(many);
  assert.equal(names(root).length, 100);
  assert.match(
    root.querySelector("[role=status]")?.textContent ?? "",
    /The first 100 of 130 rows/u,
  );
  press(root, "Show the other 30");
  assert.equal(names(root).length, 130);
});

test("A page can ask for fewer rows at first; one or two more are not worth a press.", () => {
  const many = Array.from({ length: 30 }, (_, place) => [`P${place}`, "1", ""] as const);
  const root = shown(many, ' data-first="10"');
  assert.equal(names(root).length, 10);
  press(root, "Show the other 20");
  assert.equal(names(root).length, 30);
  assert.equal(names(shown(many.slice(0, 12), ' data-first="10"')).length, 12);
});

test("A drawing in a cell is no part of what the cell says.", () => {
  const drawn = '2 <svg role="img"><title>Course</title><desc>1, 1</desc></svg>';
  const root = shown([...PEOPLE.slice(0, 1), ["Zed", drawn, ""]], ' data-filter="yes"');
  type(root, "course");
  assert.deepEqual(names(root), []);
  type(root, "zed 2");
  assert.deepEqual(names(root), ["Zed"]);
});

test("A filter finds a row that was not shown at first, and paper holds every row that matches.", () => {
  const many = Array.from({ length: 130 }, (_, place) => [`P${place}`, "1", ""] as const);
  const root = shown(many);
  assert.equal(root.querySelectorAll("tbody tr:not([hidden])").length, 130);
  type(root, "p129");
  assert.deepEqual(names(root), ["P129"]);
});

test("Equal rows keep their order whichever way they are sorted.", () => {
  assert.deepEqual(sortedPlaces(["a", "b", "a"], "ascending"), [0, 2, 1]);
  assert.deepEqual(sortedPlaces(["a", "b", "a"], "descending"), [1, 0, 2]);
  assert.deepEqual(sortedPlaces([null, 1, 2], "descending"), [2, 1, 0]);
});

test("A number in words is sorted by the number.", () => {
  assert.equal(sortKey("1,200 minutes", null, true), 1200);
  assert.equal(sortKey("12 of 15", null, true), 12);
  assert.equal(sortKey("12 of 15", null, false), "12 of 15");
  assert.equal(sortKey("Thu 12 Nov", "2026-11-12", false), "2026-11-12");
});

test("A formula in wide letters or behind space is none in the file.", () => {
  assert.equal(toCsv([["＝1＋1", " =1+1", "＠SUM"]]), "\ufeff'＝1＋1,' =1+1,'＠SUM\r\n");
});

test("A file for a spreadsheet quotes what needs it and holds no formula.", () => {
  const text = toCsv([
    ["Who", "Note"],
    ['=HYPERLINK("x")', "a, b"],
    ["-3", "-3+4"],
    ["Bryony", 'said "well"'],
  ]);
  assert.equal(
    text,
    "\ufeffWho,Note\r\n" +
      '"\'=HYPERLINK(""x"")","a, b"\r\n' +
      "-3,'-3+4\r\n" +
      'Bryony,"said ""well"""\r\n',
  );
});
