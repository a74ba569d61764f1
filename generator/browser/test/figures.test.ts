import "./page.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { renderFigure } from "../src/figures.ts";
import type { Datum, Reduction } from "../src/reduce.ts";

function shown(reduction: Reduction): HTMLElement {
  const basis = { read: 2, closed: 0, noun: "surveys", days: [] };
  return renderFigure(reduction, { today: "2026-11-20", empty: "Nothing.", basis });
}

function survey(...days: readonly string[]): string[] {
  const results = days.map((date) => {
    const from: Datum = { data: {}, date, label: "", path: "" };
    return { question: "I feel heard", answered: 24, result: "3.8 of 5", from };
  });
  const heads = shown({ kind: "results", results }).querySelectorAll("thead th");
  return [...heads].map(({ textContent }) => textContent);
}

test("Where no value may stand by itself, the figure says so instead of one row of the rest.", () => {
  const figure = shown({ kind: "counts", counts: [{ value: "All others", count: null }] });
  assert.equal(figure.querySelector("table"), null);
  assert.match(figure.textContent, /^Too few people stand behind each value/u);
});

test("The rest stands in the table beside a value that may be shown.", () => {
  const counts = [
    { value: "met", count: 8 },
    { value: "All others", count: null },
  ];
  assert.equal(shown({ kind: "counts", counts }).querySelectorAll("tbody tr").length, 2);
});

test("Which survey a result is from stands beside it where there are several.", () => {
  assert.deepEqual(survey("2026-11-12", "2026-11-12"), ["Question", "Answered", "Result"]);
  assert.deepEqual(survey("2026-03-12", "2026-11-12").at(-1), "Survey");
});

test("The same table about two people is told apart by their names.", () => {
  const from: Datum = { data: {}, date: "", label: "", path: "" };
  const results = [{ question: "I feel heard", answered: 24, result: "3.8 of 5", from }];
  const basis = { read: 2, closed: 0, noun: "surveys", days: [] };
  const caption = { today: "2026-11-20", empty: "Nothing.", basis, about: "Wren Ashgrove" };
  const region = renderFigure({ kind: "results", results }, caption).querySelector("[role=region]");
  assert.equal(region?.getAttribute("aria-label"), "Wren Ashgrove: Question, Answered, Result");
});
