import assert from "node:assert/strict";
import { test } from "node:test";
// First of all, as the code under test takes the window that is there when it loads.
import { page } from "./page.ts";
import { SectionEditor } from "../src/sectioneditor.ts";
import { choiceWords } from "../src/wording.ts";
import { readSectionForm } from "../src/writingdesk.ts";

/** An editor of one section, with `body` written in it. */
function editor(section: Record<string, unknown>, body: string, isDropIn = false): SectionEditor {
  const form = readSectionForm({ name: "Seen", prompt: "", ...section } as never);
  const around = { people: [], places: [], route: "", grades: [] };
  return new SectionEditor(
    form,
    { info: [], readers: [], line: "" },
    {
      day: "2027-03-12",
      sections: ["Seen"],
      filled: () => new Set<string>(),
      around,
      isDropIn: () => isDropIn,
    },
    { lines: new Map(), body },
  );
}

test("A next step in what is written about a drop-in is told, on whatever form it stands.", () => {
  const section = { lints: [], dropInLints: ["steps"] };
  const told = (isDropIn: boolean): string[] =>
    editor(section, "Next step: wait longer", isDropIn)
      .slips()
      .map(({ words }) => words);

  assert.deepEqual(told(false), []);
  assert.equal(told(true).length, 1);
  assert.match(told(true)[0] ?? "", /^Seen, line 1: /u);
});

test("A line beside a list of the trust offers its words and takes others.", () => {
  const lines = [{ name: "Rubric", type: "text", choices: ["Reading", "Feedback"] }];
  const { element } = editor({ lines }, "");
  page.window.document.body.replaceChildren(element);
  const input = element.querySelector<HTMLInputElement>("input[list]");

  assert.equal(input?.type, "text");
  assert.deepEqual(
    [...element.querySelectorAll<HTMLOptionElement>(`#${input?.getAttribute("list")} option`)].map(
      ({ value }) => value,
    ),
    ["Reading", "Feedback"],
  );
});

test("A part tells whose it is before it says what belongs there, and which line it needs.", () => {
  const lines = [{ name: "Response", type: "choice", choices: ["agreed"], required: true }];
  const section = { author: "You alone write this.", prompt: "In your own words.", lines };
  const { element } = editor(section, "");

  assert.equal(
    element.querySelector(".prompt")?.textContent,
    "You alone write this. In your own words.",
  );
  assert.match(element.querySelector(".field label")?.textContent ?? "", /^Response \(needed\)$/u);
});

test("A choice reads as people say it, and is kept as the form has it.", () => {
  const lines = [{ name: "Outcome", type: "choice", choices: ["met", "part-met"] }];
  const options = [...editor({ lines }, "").element.querySelectorAll("option")];

  assert.deepEqual(
    options.map(({ value, textContent }) => [value, textContent]),
    [
      ["", "–"],
      ["met", "met"],
      ["part-met", "part met"],
    ],
  );
  assert.equal(choiceWords("ect-mentoring"), "ECT mentoring");
  assert.equal(choiceWords("ks2"), "KS2");
  assert.equal(choiceWords("drop-in"), "Drop-in");
  assert.equal(choiceWords("asked-by-coachee"), "Asked by coachee");
});
