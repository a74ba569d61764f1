import assert from "node:assert/strict";
import { test } from "node:test";
import { closeSource } from "../src/closesource.ts";

const outcome = {
  name: "Outcome",
  info: ["coach", "coachee"],
  revision: 1,
  armor: "ARMOR $& $1\n",
};
const source =
  "---\ntype: cycle\nid: c-0a1b2c3d\nphase: improve\nstatus: open\n---\n\n" +
  "## Goal\n\n```age coach\nstatus: kept\n```\n\n## Outcome\n\n{sealed}\n";

test("A closed cycle says so in its header, and its outcome stands sealed in its place.", () => {
  const text = closeSource(source, "closed", "2026-12-18", [outcome]);

  assert.equal(
    text,
    "---\ntype: cycle\nid: c-0a1b2c3d\nphase: done\nstatus: closed\nclosed_on: 2026-12-18\n---\n\n" +
      "## Goal\n\n```age coach\nstatus: kept\n```\n\n## Outcome\n\n" +
      "```age coach, coachee\nrevision: 1\nARMOR $& $1\n```\n",
  );
});

test("A cycle that ended early keeps the phase that it had reached.", () => {
  const text = closeSource(source, "ended", "2026-12-18", [outcome]);

  assert.match(text, /^phase: improve\nstatus: ended\nclosed_on: 2026-12-18$/mu);
});

test("A cycle that waits for its statement keeps its header, and gets its outcome.", () => {
  const text = closeSource(source, "open", "2026-12-18", [outcome]);

  assert.equal(text.split("\n## ")[0], source.split("\n## ")[0]);
  assert.ok(text.includes("```age coach, coachee"));
});

test("A cycle whose outcome is there already changes in its header alone.", () => {
  const told = source.replace("{sealed}", "```age coach\nthere\n```");

  const text = closeSource(told, "closed", "2026-12-18", []);

  assert.equal(text.slice(text.indexOf("\n## ")), told.slice(told.indexOf("\n## ")));
});
