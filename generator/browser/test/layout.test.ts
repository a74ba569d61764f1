import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutFaults } from "../src/layout.ts";

const SECTIONS = ["Notes", "Coach notes"];

test("Ordinary writing stays in its section.", () => {
  const texts = [
    "Waited three seconds.\n\n- one\n- two\n---\n\n### small\n#tag",
    "Notes from Tuesday were useful",
    "~~~\n## in a code block\n~~~",
    "- a\n---",
  ];
  assert.deepEqual(
    texts.map((text) => layoutFaults(text, SECTIONS)),
    [[], [], [], []],
  );
});

test("A line that would start, or looks as if it started, another section is refused.", () => {
  const lines = [
    "## Practice",
    "  ## Practice",
    "##Practice",
    "# Big",
    "#",
    "**Coach notes**",
    "COACH  NOTES:",
    "<b>Notes</b>",
    "Big\n===",
    "Big\n---",
    "```\nnever closed",
    "```age coach\nrevision: 1\n```",
  ];
  assert.deepEqual(
    lines.filter((line) => layoutFaults(line, SECTIONS).length !== 1),
    [],
  );
});

test("A fault names its line and nothing of the text.", () => {
  assert.deepEqual(layoutFaults("fine\n\n## Practice with Darcy", SECTIONS), [
    {
      line: 3,
      message: "a line that begins with # would start another section, so begin it with a word",
    },
  ]);
});
