import assert from "node:assert/strict";
import { test } from "node:test";
import { formatDate } from "../src/dates.ts";
import type { JsonObject } from "../src/json.ts";
import { describeBasis, isReducer, openSteps, reduce, type Datum } from "../src/reduce.ts";

function session(date: string, data: JsonObject): Datum {
  return { data, date, label: "", path: "" };
}

function step(text: string, due: string | null, done = false): JsonObject {
  return { text, due, done };
}

const autumn = [
  session("2026-11-12", {
    steps: [step("Wait three seconds", "2026-11-19"), step("Film one starter", "2026-11-19")],
  }),
  session("2026-11-19", {
    steps: [
      step("wait  three seconds.", "2026-11-26", true),
      step("Film one starter", "2026-12-03"),
    ],
  }),
  session("2026-11-26", { steps: [step("Ask Tobias about books", null)] }),
];

test("A step carried forward is one step, and what its last record says holds.", () => {
  const open = openSteps(autumn).map(({ text, due, from }) => [text, due, from.date]);
  assert.deepEqual(open, [
    ["Film one starter", "2026-12-03", "2026-11-12"],
    ["Ask Tobias about books", "", "2026-11-26"],
  ]);
});

test("A step is overdue from the day after its date, and never without one.", () => {
  const late = (today: string) => {
    const reduction = reduce("overdue-steps", autumn, "", today);
    return reduction.kind === "steps" ? reduction.steps.map(({ text }) => text) : [];
  };
  assert.deepEqual(late("2026-12-03"), []);
  assert.deepEqual(late("2026-12-04"), ["Film one starter"]);
});

const outcomes = ["met", "part-met", "met", ""].map((Outcome, at) =>
  session(`2026-0${at + 1}-10`, { lines: { Outcome } }),
);

test("Values are listed in the order of their records, and the latest is the last one filled in.", () => {
  const values = (name: "list" | "latest") => {
    const reduction = reduce(name, outcomes, "Outcome", "");
    return reduction.kind === "values" ? reduction.values.map(({ value }) => value) : [];
  };
  assert.deepEqual(values("list"), ["met", "part-met", "met"]);
  assert.deepEqual(values("latest"), ["met"]);
});

test("Values are counted, the most frequent first.", () => {
  const counts = [
    { value: "met", count: 2 },
    { value: "part-met", count: 1 },
  ];
  assert.deepEqual(reduce("count", outcomes, "Outcome", ""), { kind: "counts", counts });
});

test("Data of another shape counts as nothing.", () => {
  const odd = [
    session("2026-11-12", { steps: "none", lines: { Outcome: 3 } }),
    session("2026-11-13", {}),
  ];
  assert.deepEqual(openSteps(odd), []);
  assert.deepEqual(reduce("list", odd, "Outcome", ""), { kind: "values", values: [] });
});

test("A figure says how many records it stands on, from when to when, and what it leaves out.", () => {
  const days = ["2026-11-19", "2026-11-12"];
  const basis = { read: 2, closed: 1, noun: "sessions", days };
  const words =
    "From 2 sessions, 12 Nov 2026 to 19 Nov 2026. 1 more section did not open with your key and is not counted.";
  assert.equal(describeBasis(basis, formatDate), words);
  assert.equal(
    describeBasis({ read: 1, closed: 0, noun: "sessions", days: ["2026-11-12"] }, formatDate),
    "From 1 session, 12 Nov 2026.",
  );
  assert.equal(
    describeBasis({ read: 0, closed: 0, noun: "sections", days: [] }, formatDate),
    "From 0 sections.",
  );
  assert.equal(
    describeBasis({ read: 0, closed: 2, noun: "sessions", days: [] }, formatDate),
    "2 sections did not open with your key and are not counted.",
  );
});

test("Only the reducers of the closed set are known.", () => {
  const names = ["open-steps", "overdue-steps", "latest", "list", "count", "sum", "toString"];
  assert.deepEqual(names.filter(isReducer), [
    "open-steps",
    "overdue-steps",
    "latest",
    "list",
    "count",
  ]);
});
