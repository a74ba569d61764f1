import assert from "node:assert/strict";
import { test } from "node:test";
import {
  describeFile,
  formatData,
  formatText,
  readTakeAway,
  type OpenedSections,
} from "../src/takeaway.ts";
import { crc32, zipOf } from "../src/zip.ts";

const whole = readTakeAway({
  person: "Wren Ashgrove",
  day: "2026-11-20",
  records: [
    {
      id: "s-7kq2m4xa",
      type: "session",
      title: "Coaching session",
      school: "Otterbeck Primary",
      date: "2026-11-12",
      path: "records/otterbeck/s-7kq2m4xa.md",
      people: [{ relation: "coach", names: "Idris Marlowe-Beck" }],
      facts: [{ name: "minutes", value: 14, text: "14" }],
      sections: [
        { name: "Notes", line: "Wren and Idris can read this.", mine: true, page: "me", block: "" },
        {
          name: "Coach notes",
          line: "Only Idris can read this.",
          mine: false,
          page: "",
          block: "",
        },
      ],
    },
  ],
});
const opened: OpenedSections = new Map([
  [
    "s-7kq2m4xa Notes",
    { text: "We counted the waits.\n", data: { lines: { Waits: "nine" } }, byline: "Not signed." },
  ],
]);

test("The text has a heading for each record and each part, and says who wrote it and who can read it.", () => {
  const text = formatText(whole, opened);

  assert.match(text, /^# What is recorded about Wren Ashgrove\n/u);
  assert.ok(
    text.endsWith(
      "## Coaching session, 12 Nov 2026\n\n" +
        "- School: Otterbeck Primary\n- Coach: Idris Marlowe-Beck\n- Minutes: 14\n" +
        "- Record: records/otterbeck/s-7kq2m4xa.md\n\n" +
        "### Notes\n\nWe counted the waits.\n\n*Not signed. Wren and Idris can read this.*\n\n" +
        "### Coach notes\n\n(Sealed for others.)\n\n*Only Idris can read this.*\n",
    ),
  );
});

test("The data has the same records, with typed lines; what did not open is null.", () => {
  const file = JSON.parse(formatData(whole, opened));
  const [record] = file.records;

  assert.equal(file.format, "coachbook-take-away-1");
  assert.deepEqual(record.facts, { minutes: 14 });
  assert.deepEqual(record.sections[0].data, { lines: { Waits: "nine" } });
  assert.deepEqual(
    record.sections.map(({ author }: { author: string | null }) => author),
    ["Not signed.", null],
  );
  assert.deepEqual([record.sections[1].opened, record.sections[1].text], [false, null]);
});

test("Whoever makes the file is told what it lacks.", () => {
  assert.equal(
    describeFile(whole, opened),
    "It holds 1 record and 1 section of them in full. 1 section is sealed for others.",
  );
  assert.match(describeFile(whole, new Map()), /1 section did not open: unlock again/u);
});

test("The archive's check sum is the one that the format asks for.", () => {
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
});

test("The archive holds each text as it is, with its length and its place.", () => {
  const bytes = zipOf(
    [
      { name: "a.md", text: "Ünïcode" },
      { name: "b.json", text: "{}" },
    ],
    "2026-11-20",
  );
  const view = new DataView(bytes.buffer);
  const end = bytes.length - 22;

  assert.equal(view.getUint32(end, true), 0x06054b50);
  assert.equal(view.getUint16(end + 10, true), 2);
  const directory = view.getUint32(end + 16, true);
  assert.equal(view.getUint32(directory, true), 0x02014b50);
  assert.equal(view.getUint32(directory + 24, true), 9);
  const local = view.getUint32(directory + 42, true);
  const text = bytes.slice(local + 30 + 4, local + 30 + 4 + 9);
  assert.equal(new TextDecoder().decode(text), "Ünïcode");
});
