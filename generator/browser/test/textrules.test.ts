import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Json, JsonObject } from "../src/json.ts";
import { readSectionForm } from "../src/writingdesk.ts";
import { RULES, type TextFault } from "../src/faults.ts";
import { parseSection, sectionJson } from "../src/textrules.ts";

interface Case {
  name: string;
  section: JsonObject;
  today: string;
  words: number | null;
  filled: string[];
  text: string;
  data: Json;
  faults: Partial<TextFault>[];
}

const VECTORS = join("..", "..", "..", "tests", "vectors", "text-rules.json");
const cases = JSON.parse(readFileSync(VECTORS, "utf-8")) as Case[];

for (const { name, section, today, words, filled, text, data, faults } of cases) {
  test(`As in Python: ${name}.`, () => {
    const parsed = parseSection(
      text,
      readSectionForm({ ...section, words }),
      today,
      new Set(filled),
    );
    const told = parsed.faults.map((fault, at) =>
      Object.fromEntries(
        Object.keys(faults[at] ?? fault).map((key) => [key, fault[key as keyof TextFault]]),
      ),
    );
    assert.deepEqual(sectionJson(parsed.data), data);
    assert.deepEqual(told, faults);
  });
}

test("The shared cases reach every rule for lines, steps and length.", () => {
  const prose = ["CB416", "CB417", "CB418", "CB419", "CB431", "CB442"];
  assert.deepEqual(
    [...new Set(cases.flatMap(({ faults }) => faults.map(({ code }) => code)))].sort(),
    RULES.filter((code) => !prose.includes(code)),
  );
});
