import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "../src/json.ts";
import type { Datum } from "../src/reduce.ts";
import { stepThreads } from "../src/thread.ts";

function session(date: string, ...steps: JsonObject[]): Datum {
  return { data: { steps }, date, label: "", path: "" };
}

function step(text: string, due: string, done = false): JsonObject {
  return { text, due, done };
}

const autumn = [
  session("2026-11-05", step("Wait three seconds", "2026-11-12"), step("Film one starter", "")),
  session("2026-11-12", step("wait  three seconds.", "2026-11-19")),
  session("2026-11-19", step("Wait three seconds", "2026-11-19", true)),
];

function told(practised: readonly string[]): string[][] {
  return stepThreads(autumn, practised).map(({ events }) =>
    events.map(({ moment, day }) => `${moment} ${day.slice(8)}`),
  );
}

test("A step is followed from where it was agreed to where it was checked.", () => {
  assert.deepEqual(told([]), [["agreed 05"], ["agreed 05", "carried 12", "done 19"]]);
});

test("What was practised stands between the words on every step that was open then.", () => {
  assert.deepEqual(told(["2026-11-19", "2026-11-05"]), [
    ["agreed 05", "practised 19"],
    ["agreed 05", "carried 12", "practised 19", "done 19"],
  ]);
});

test("What is still open stands first, the earliest date before later ones.", () => {
  const threads = stepThreads(
    [
      session(
        "2026-11-05",
        step("a", "", true),
        step("b", "2026-12-01"),
        step("c", "2026-11-20"),
        step("d", ""),
      ),
    ],
    [],
  );
  assert.deepEqual(
    threads.map(({ text, done }) => [text, done]),
    [
      ["c", false],
      ["b", false],
      ["d", false],
      ["a", true],
    ],
  );
});

test("A record whose day is not said adds no practice.", () => {
  const [thread] = stepThreads([session("", step("a", ""))], ["2026-11-05"]);
  assert.deepEqual(
    thread?.events.map(({ moment }) => moment),
    ["agreed"],
  );
});
