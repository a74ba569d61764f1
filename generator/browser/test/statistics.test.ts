import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "../src/json.ts";
import { describeBasis, reduce, type Datum } from "../src/reduce.ts";
import { NO_TERMS, type Terms } from "../src/statistics.ts";

function note(date: string, data: JsonObject, who: readonly string[] = [], text = ""): Datum {
  return { data, date, label: "", path: "", who, text };
}

function step(text: string, due: string | null, done = false): JsonObject {
  return { text, due, done };
}

const AT_LEAST_FIVE: Terms = { ...NO_TERMS, least: 5 };

function onTime(data: readonly Datum[], today: string, terms: Terms = NO_TERMS): unknown {
  const reduction = reduce("on-time", data, "", today, terms);
  return reduction.kind === "share" ? reduction.share : null;
}

const autumn = [
  note("2026-11-12", { steps: [step("Wait three seconds", "2026-11-19")] }, ["p-a"]),
  note("2026-11-12", { steps: [step("Film one starter", "2026-11-19")] }, ["p-b"]),
  note("2026-11-19", { steps: [step("wait  three seconds.", null, true)] }, ["p-a"]),
  note("2026-11-26", { steps: [step("Film one starter", "2026-11-19", true)] }, ["p-b"]),
];

test("A step ticked in a note of its day is on time, and one ticked later is not.", () => {
  assert.deepEqual(onTime(autumn, "2026-12-01"), { part: 1, whole: 2, hidden: false });
});

test("A step whose day is still to come counts neither way.", () => {
  assert.deepEqual(onTime(autumn, "2026-11-19"), { part: 0, whole: 0, hidden: false });
});

test("The same words of two people are two steps.", () => {
  const both = ["p-a", "p-b"].map((who) =>
    note("2026-11-12", { steps: [step("Wait", "2026-11-19", true)] }, [who]),
  );
  assert.deepEqual(onTime(both, "2026-12-01"), { part: 2, whole: 2, hidden: false });
});

test("Steps of too few people have no share.", () => {
  assert.deepEqual(onTime(autumn, "2026-12-01", AT_LEAST_FIVE), {
    part: 1,
    whole: 2,
    hidden: true,
  });
});

function cycles(outcomes: Readonly<Record<string, number>>): Datum[] {
  return Object.entries(outcomes).flatMap(([Outcome, times]) =>
    Array.from({ length: times }, (_, at) =>
      note("2027-01-15", { lines: { Outcome } }, [`p-${Outcome}-${at}`]),
    ),
  );
}

function counted(data: readonly Datum[], terms: Terms): unknown {
  const reduction = reduce("outcomes", data, "Outcome", "", terms);
  return reduction.kind === "counts"
    ? Object.fromEntries(reduction.counts.map(({ value, count }) => [value, count]))
    : null;
}

test("Outcomes of enough people are counted one by one.", () => {
  assert.deepEqual(counted(cycles({ met: 8, changed: 5 }), AT_LEAST_FIVE), { met: 8, changed: 5 });
});

test("Outcomes of few people become one group with the next smallest, so that no total gives them away.", () => {
  const found = counted(cycles({ met: 8, changed: 6, stopped: 1 }), AT_LEAST_FIVE);
  assert.deepEqual(found, { met: 8, "All others": 7 });
});

test("Several small groups that are enough together stand as one.", () => {
  const found = counted(cycles({ met: 8, changed: 3, stopped: 3 }), AT_LEAST_FIVE);
  assert.deepEqual(found, { met: 8, "All others": 6 });
});

test("Where everything together is too little, no number is shown.", () => {
  assert.deepEqual(counted(cycles({ met: 2, changed: 1 }), AT_LEAST_FIVE), { "All others": null });
});

test("Twenty cycles of one person are one person.", () => {
  const one = Array.from({ length: 20 }, () =>
    note("2027-01-15", { lines: { Outcome: "met" } }, ["p-a"]),
  );
  assert.deepEqual(counted(one, AT_LEAST_FIVE), { "All others": null });
});

test("Whoever may see each of them sees each number.", () => {
  assert.deepEqual(counted(cycles({ met: 2, stopped: 1 }), NO_TERMS), { met: 2, stopped: 1 });
});

const visits = [
  note("2026-10-08", { lines: { "1a Safe": "partly", "1a comment": "Calm", "1b Goals": "n/a" } }),
  note("2027-01-21", { lines: { "1a Safe": "fully", "1b Goals": "n/a" } }),
];
const rated: Terms = { least: 0, lines: ["1a Safe", "1b Goals"], aside: ["n/a"] };

test("What was not looked at is no rating, and a comment is none either.", () => {
  const reduction = reduce("ratings", visits, "", "", rated);
  assert.deepEqual(reduction, {
    kind: "counts",
    counts: [
      { value: "fully", count: 1 },
      { value: "partly", count: 1 },
    ],
  });
});

test("Of each standard stands what was seen last, and how often it was looked at.", () => {
  const reduction = reduce("seen", visits, "", "", rated);
  const seen = reduction.kind === "seen" ? reduction.seen : [];
  assert.deepEqual(
    seen.map(({ line, value, times, from }) => [line, value, times, from.date]),
    [["1a Safe", "fully", 2, "2027-01-21"]],
  );
});

test("A standard that nobody has rated yet is named.", () => {
  const reduction = reduce("seen", visits, "", "", { ...rated, lines: [...rated.lines, "9z"] });

  assert.deepEqual(reduction.kind === "seen" ? reduction.unseen : [], ["1b Goals", "9z"]);
});

test("A question that few answered has no result.", () => {
  const survey = note(
    "2027-02-05",
    {},
    [],
    "- I am given useful feedback - 24 answered, 3.8 of 5\n- I feel heard – 4 answered, 2.0 of 5\n",
  );
  const reduction = reduce("results", [survey], "", "", AT_LEAST_FIVE);
  const results = reduction.kind === "results" ? reduction.results : [];
  assert.deepEqual(
    results.map(({ question, answered, result }) => [question, answered, result]),
    [
      ["I am given useful feedback", 24, "3.8 of 5"],
      ["I feel heard", null, "[c]"],
    ],
  );
});

test("A figure says how many people it is about, where the page knows.", () => {
  const basis = { read: 3, closed: 0, noun: "cycles", days: [], people: 2 };
  assert.equal(describeBasis(basis, String), "From 3 cycles on 2 people.");
});
