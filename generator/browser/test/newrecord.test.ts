import assert from "node:assert/strict";
import { test } from "node:test";
import { schoolYear } from "../src/dates.ts";
import {
  formatRecord,
  newFileLink,
  newId,
  recordPath,
  type HeaderValue,
} from "../src/newrecord.ts";

test("An id is a prefix and eight characters, each equally likely.", () => {
  const bytes = (length: number) =>
    Uint8Array.from({ length }, (_, place) => [0, 35, 36, 251, 252, 255][place % 6] ?? 0);
  assert.equal(newId("s", bytes), "s-0z0z0z0z");
});

test("The school year runs from September to August.", () => {
  const days = ["2026-09-01", "2026-12-31", "2027-01-01", "2027-08-31", "2099-10-01"];
  assert.deepEqual(days.map(schoolYear), ["2026-27", "2026-27", "2026-27", "2026-27", "2099-00"]);
});

test("A record lies in its folder, in the school year of its own day.", () => {
  const path = recordPath(
    "records/otterbeck/{year}/c-0a1b2c3d/{day}-{id}.md",
    "2027-01-12",
    "s-7kq2m4xa",
  );
  assert.equal(path, "records/otterbeck/2026-27/c-0a1b2c3d/2027-01-12-s-7kq2m4xa.md");
});

test("A record is written as front matter and one fenced block for each section.", () => {
  const header = new Map<string, HeaderValue>([
    ["type", "session"],
    ["date", "2026-11-12"],
    ["policy", "2026-09"],
    ["minutes", 14],
    ["scheduled", true],
    ["form", "coaching-session@1"],
    ["observers", ["p-h7d2k9qm", "p-m3v8x1ra"]],
    ["start_time", "15:40"],
    ["style", "no"],
  ]);
  const armor = "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n";
  const text = formatRecord(header, [
    { name: "Notes", info: ["coach", "coachee"], revision: 1, armor },
  ]);
  assert.equal(
    text,
    `---
type: session
date: 2026-11-12
policy: "2026-09"
minutes: 14
scheduled: true
form: coaching-session@1
observers: [p-h7d2k9qm, p-m3v8x1ra]
start_time: "15:40"
style: "no"
---

## Notes

\`\`\`age coach, coachee
revision: 1
-----BEGIN AGE ENCRYPTED FILE-----
YWdl
-----END AGE ENCRYPTED FILE-----
\`\`\`
`,
  );
});

test("The git host's page is filled in, without the text if the address would be too long.", () => {
  const template = "https://git.example/new?filename={path}&value={text}";
  assert.equal(
    newFileLink(template, "a/b.md", "x y\n").href,
    "https://git.example/new?filename=a%2Fb.md&value=x%20y%0A",
  );
  assert.deepEqual(newFileLink(template, "a/b.md", "x".repeat(9000)), {
    href: "https://git.example/new?filename=a%2Fb.md&value=",
    whole: false,
  });
});
