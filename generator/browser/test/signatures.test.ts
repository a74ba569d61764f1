import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { bylineOf } from "../src/byline.ts";
import { fingerprintOf, parseKeyLine } from "../src/encoding.ts";
import { Key } from "../src/keys.ts";
import { formatFence } from "../src/newrecord.ts";
import type { Party, Payload } from "../src/payload.ts";
import type { ReaderPair } from "../src/readers.ts";
import { openBlock, sealBlock, signWriting, type Block } from "../src/sealing.ts";
import {
  authorshipOf,
  signSeal,
  type Authorship,
  type SignatureLines,
  type Signers,
} from "../src/signatures.ts";

interface GoldenKey {
  owner: string;
  generation: number;
  recipient: string;
  signing: string;
  created: string;
}

interface GoldenBlock {
  name: string;
  state: string;
  person: string;
  armor: string;
  revision: number;
  signature: SignatureLines | null;
}

const VECTORS = join("..", "..", "..", "tests", "vectors", "payload");
const golden = JSON.parse(readFileSync(join(VECTORS, "v2", "cases.json"), "utf-8")) as {
  cases: { name: string; payload: { parties: Party[]; readers: ReaderPair[] } }[];
  identities: Record<string, string>;
  keys: GoldenKey[];
  blocks: GoldenBlock[];
};
const COACH = "p-7kq2m4xa";
const STATES: Record<string, Authorship["state"]> = {
  signed: "signed",
  "not signed": "unsigned",
  "signature does not match": "mismatch",
};

function keysOf(owner: string): Signers extends ReadonlyMap<string, infer S> ? S : never {
  const mine = golden.keys.filter((key) => key.owner === owner);
  const keys = mine.map(({ recipient, signing, generation }) => ({
    fingerprint: fingerprintOf(parseKeyLine("age", recipient)),
    signing,
    until: mine.find((other) => other.generation > generation)?.created ?? "",
  }));
  return { name: owner === COACH ? "Idris Marlowe" : "Wren Abara", left: "", keys };
}

const signers: Signers = new Map(
  [COACH, "p-3fd0aaaa"].map((owner) => [owner, keysOf(owner)] as const),
);
const plain = golden.cases.find(({ name }) => name === "plain")?.payload;
const coach = await Key.parse(golden.identities[COACH] ?? "");

function blockOf({ armor, revision, signature }: GoldenBlock): Block {
  return {
    armor,
    workspace: "4n7d0q2m8x1v6b3k",
    record: "s-7kq2m4xa",
    type: "session",
    section: "Notes",
    revision,
    parties: plain?.parties ?? [],
    readers: plain?.readers ?? [],
    signature: signature ?? undefined,
  };
}

async function judged(block: Block, known = signers): Promise<Authorship> {
  return authorshipOf(await openBlock(block, new Map([[COACH, [coach]]])), block, known);
}

for (const one of golden.blocks) {
  test(`The golden block ${one.name} is ${one.state}, as in Python.`, async () => {
    const found = await judged(blockOf(one));
    assert.deepEqual([found.state, found.person], [STATES[one.state], one.person]);
    assert.equal(found.fault !== undefined, found.state === "mismatch");
  });
}

const NOTE: Omit<Payload, "readers"> = {
  workspace: "4n7d0q2m8x1v6b3k",
  record: "s-7kq2m4xa",
  type: "session",
  section: "Notes",
  revision: 1,
  parties: plain?.parties ?? [],
  author: COACH,
  sealedAt: "2027-02-01T16:30:00Z",
  policy: "2026-09",
  rules: [],
  data: { lines: { "ﬁrst 𝒶": "yes", "10": "b", "9": "a" }, steps: [] },
  text: "Waiting three seconds felt long. 🦉",
};

async function written(): Promise<Block> {
  const recipient = golden.keys.find(({ owner }) => owner === COACH)?.recipient ?? "";
  const reader = { id: COACH, fingerprint: coach.fingerprint, recipient };
  const armor = await sealBlock(signWriting(NOTE, coach), [reader]);
  const block = { ...NOTE, armor, readers: [[COACH, coach.fingerprint] as const] };
  return { ...block, signature: signSeal(block, COACH, coach, "2027-02-01") };
}

test("What is written in the portal is signed by whoever is unlocked.", async () => {
  assert.deepEqual(await judged(await written()), {
    state: "signed",
    person: COACH,
    written: "2027-02-01T16:30:00Z",
    sealed: "2027-02-01T16:30:00Z",
    fault: undefined,
  });
});

test("A signature that was taken away outside leaves the one inside.", async () => {
  const { signature: _, ...block } = await written();
  assert.equal((await judged(block)).state, "signed");
});

test("A signature counts for nobody whose key is not known.", async () => {
  const found = await judged(await written(), new Map());
  assert.deepEqual([found.state, found.fault], ["mismatch", "unknown-key"]);
});

test("What somebody signed after they had left does not count.", async () => {
  const left = { ...keysOf(COACH), left: "2026-12-31" };
  const found = await judged(await written(), new Map([[COACH, left]]));
  assert.equal(
    bylineOf(found, new Map([[COACH, left]])),
    "The signature does not match: it was made after Idris Marlowe had left. Ask Idris Marlowe before you rely on this.",
  );
});

test("Under a section stands who sealed it and when.", async () => {
  const found = await judged(await written());
  assert.equal(bylineOf(found, signers), "Sealed by Idris Marlowe on 1 Feb 2027.");
});

test("A text that somebody sealed again is still said to be its author's.", async () => {
  const again = golden.blocks.find(({ name }) => name === "sealed-again-later") as GoldenBlock;
  assert.equal(
    bylineOf(await judged(blockOf(again)), signers),
    "Written by Idris Marlowe on 12 Nov 2026, and sealed again on 1 Mar 2027.",
  );
});

test("Where a page does not say whose words these are, no name stands under them.", async () => {
  const nameless = new Map([...signers].map(([id, one]) => [id, { ...one, name: "" }]));
  assert.equal(
    bylineOf(await judged(await written(), nameless), nameless),
    "Signed by its author.",
  );
});

test("The signature stands in a fence of its own under the block.", async () => {
  const { armor, signature } = await written();
  const fence = formatFence({
    name: "Notes",
    info: ["coach"],
    revision: 1,
    armor,
    ...(signature && { signature }),
  });
  assert.match(
    fence,
    /-----END AGE ENCRYPTED FILE-----\n```\n\n```age-signature\nsigner: p-7kq2m4xa\nkey: [a-z2-7]{26}\nday: 2027-02-01\nsignature: [A-Za-z0-9+/]{86}==\n```$/u,
  );
});
