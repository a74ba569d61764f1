import assert from "node:assert/strict";
import { test } from "node:test";
import { othersOf, readersOf, sectionsOf, targetOf } from "../src/target.ts";
import type { JsonObject } from "../src/json.ts";
import { readWriteDesk } from "../src/writingdesk.ts";

const page: JsonObject = {
  v: 1,
  kind: "write",
  title: "Write",
  workspace: "lantern-hill",
  today: "2026-11-12",
  newFileUrl: "",
  author: "p-me",
  arounds: [{ people: ["Wren Ashgrove"], places: [], route: "", grades: [] }],
  readers: Object.fromEntries(
    ["p-me", "p-wren", "p-petra", "head@otterbeck"].map((id) => [
      id,
      { id, label: id, fingerprint: "f", recipient: "age1" },
    ]),
  ),
  forms: {
    "otterbeck/observation@1": {
      name: "observation",
      version: 1,
      type: "observation",
      title: "Observation",
      purpose: "What was seen.",
      prefix: "o",
      on: "date",
      life: true,
      fields: [],
      sections: [
        { name: "Seen", row: "observation form" },
        { name: "Early years", row: "observation form", when: "stage", values: ["eyfs"] },
        { name: "Reflection", row: "observation form" },
      ],
    },
  },
  places: [
    {
      kind: "visit",
      label: "A visit",
      school: "otterbeck",
      policy: "2026-09",
      path: "records/otterbeck/{year}/visits/{day}-{id}.md",
      links: { observed: "{observed}", observers: ["p-me"] },
      parties: [
        ["observed", "{observed}"],
        ["observers", "p-me"],
      ],
      forms: { "observation@1": ["Seen", "Early years"] },
      rows: {
        "observation form": {
          info: ["observed", "observers"],
          readers: ["{observed}", "p-me"],
          line: "{observed} and Idris can read this.",
        },
      },
      draft: { info: ["author"], readers: ["p-me"], line: "Only you can read this." },
      people: [
        { id: "p-wren", label: "Wren Ashgrove", short: "Wren", rows: null },
        {
          id: "p-petra",
          label: "Petra Quillfeather",
          short: "Petra",
          rows: {
            "observation form": {
              info: ["observed", "observers"],
              readers: ["p-petra", "p-me", "p-gone"],
              line: "Petra and Idris can read this.",
            },
          },
        },
      ],
      lastSteps: [],
      around: 0,
    },
  ],
  blocks: {},
};
const desk = readWriteDesk(page, []);
const [place] = desk.places;
const form = desk.forms.get("otterbeck/observation@1");
assert.ok(place !== undefined && form !== undefined);
const [seen] = form.sections;
assert.ok(seen !== undefined);

test("Whoever is visited stands in the header, among the people and among the readers.", () => {
  const target = targetOf(place, place.people[0]);
  const readers = readersOf(desk, target, seen, false);

  assert.equal(target.links.get("observed"), "p-wren");
  assert.deepEqual(target.links.get("observers"), ["p-me"]);
  assert.deepEqual(target.parties, [
    ["observed", "p-wren"],
    ["observers", "p-me"],
  ]);
  assert.deepEqual(
    readers?.readers.map(({ id }) => id),
    ["p-wren", "p-me"],
  );
  assert.equal(readers?.line, "Wren and Idris can read this.");
});

test("A reader whose key is not at hand leaves no readers at all.", () => {
  assert.equal(readersOf(desk, targetOf(place, place.people[1]), seen, false), undefined);
});

test("The forms of a place keep the order in which they suit it, whatever their names.", () => {
  const [given] = page["places"] as JsonObject[];
  assert.ok(given !== undefined);
  const forms = { "a@1": ["Notes"], "b@1": ["Notes"], "see@1": ["Notes"] };
  const places = [{ ...given, forms, order: ["see@1", "b@1"] }];
  const [ordered] = readWriteDesk({ ...page, places }, []).places;

  assert.deepEqual([...(ordered?.forms.keys() ?? [])], ["see@1", "b@1", "a@1"]);
});

test("Parts that somebody else writes are named, once the record has them.", () => {
  const target = targetOf(place, place.people[0]);

  assert.deepEqual(othersOf(target, form, "observation@1", new Map()), ["Reflection"]);
});

test("Until it is said who was visited, there are no readers.", () => {
  assert.equal(readersOf(desk, targetOf(place, undefined), seen, false), undefined);
});

test("A draft is its author's alone, whatever the row says.", () => {
  const readers = readersOf(desk, targetOf(place, place.people[0]), seen, true);

  assert.deepEqual(
    readers?.readers.map(({ id }) => id),
    ["p-me"],
  );
});

test("A part that waits for a value of the header is there with it, and not another's part.", () => {
  const target = targetOf(place, place.people[0]);
  const names = (stage: string): string[] =>
    sectionsOf(target, form, "observation@1", new Map([["stage", stage]])).map(({ name }) => name);

  assert.deepEqual(names("ks2"), ["Seen"]);
  assert.deepEqual(names("eyfs"), ["Seen", "Early years"]);
});

test("What stands on a shelf is as if it stood on the page, without the writer.", () => {
  const given = page["places"] as JsonObject[];
  const held = given[0]?.["people"] as JsonObject[];
  const me = { id: "p-me", label: "Idris Vale", short: "Idris", rows: null };
  const petra = {
    ...held[1],
    rows: {
      "observation form": {
        info: ["observed", "observers"],
        readers: ["p-petra", "{writer}"],
        line: "Petra and {writer} can read this.",
      },
    },
  };
  const shelf = {
    v: 1,
    kind: "shelf",
    school: "otterbeck",
    visits: { "observation@1": [held[0], me, petra] } as JsonObject,
    readers: page["readers"] as JsonObject,
    forms: page["forms"] as JsonObject,
    around: { people: ["Wren Ashgrove"], places: [], route: "", grades: [] },
  };
  const small = readWriteDesk(
    {
      ...page,
      readers: {},
      forms: {},
      arounds: ["otterbeck"],
      places: given.map((one) => ({ ...one, people: "observation@1" })),
    },
    [shelf],
  );

  const [shown] = small.places;
  assert.ok(shown !== undefined);
  assert.deepEqual(
    shown.people.map(({ id }) => id),
    ["p-wren", "p-petra"],
  );
  assert.deepEqual(shown.people[1]?.rows?.get("observation form"), {
    info: ["observed", "observers"],
    readers: ["p-petra", "p-me"],
    line: "Petra and p-me can read this.",
  });
  assert.deepEqual(shown.around.people, ["Wren Ashgrove"]);
  assert.deepEqual(small.forms, desk.forms);
});

test("A page whose shelf is not at hand is not shown in part.", () => {
  assert.throws(() => readWriteDesk({ ...page, arounds: ["otterbeck"] }, []));
});
