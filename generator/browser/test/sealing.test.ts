import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import {
  armor,
  Decrypter,
  Encrypter,
  generateX25519Identity,
  identityToRecipient,
} from "age-encryption";
import { fingerprintOf, parseKeyLine, toText } from "../src/encoding.ts";
import { Key } from "../src/keys.ts";
import type { Payload } from "../src/payload.ts";
import type { Kind, Problem } from "../src/problems.ts";
import {
  openBlock,
  openFragment,
  openRoleKey,
  sealBlock,
  type Block,
  type Reader,
} from "../src/sealing.ts";

interface Person {
  reader: Reader;
  key: Key;
  line: string;
}

async function person(id: string): Promise<Person> {
  const line = await generateX25519Identity();
  const recipient = await identityToRecipient(line);
  const fingerprint = fingerprintOf(parseKeyLine("age", recipient));
  return { reader: { id, fingerprint, recipient }, key: await Key.parse(line), line };
}

const wren = await person("p-wren0001");
const idris = await person("p-idris001");
const head = await person("p-head0001");

const NOTE: Omit<Payload, "readers"> = {
  workspace: "4n7d0q2m8x1v6b3k",
  record: "s-7kq2m4xa",
  type: "session",
  section: "Notes",
  revision: 1,
  parties: [
    ["coach", "p-idris001"],
    ["coachee", "p-wren0001"],
  ],
  author: "p-idris001",
  sealedAt: "2026-11-12T16:30:00Z",
  policy: "2026-09",
  rules: ["CB411"],
  data: { steps: [] },
  text: "Waiting three seconds felt long, and three more hands went up. 🦉",
};

async function sealedBlock(): Promise<Block> {
  const readers = [wren.reader, idris.reader];
  return {
    ...NOTE,
    armor: await sealBlock(NOTE, readers),
    readers: readers.map((r) => [r.id, r.fingerprint]),
  };
}

function keysOf(...people: Person[]): Map<string, Key[]> {
  return new Map(people.map(({ reader, key }) => [reader.id, [key]]));
}

async function kindOf(opening: Promise<unknown>): Promise<Kind> {
  try {
    await opening;
  } catch (error) {
    return (error as Problem).kind;
  }
  throw new Error("it opened");
}

test("Each reader opens what was sealed for them.", async () => {
  const block = await sealedBlock();
  for (const reader of [wren, idris]) {
    assert.equal((await openBlock(block, keysOf(reader))).text, NOTE.text);
  }
});

test("A stock age implementation opens a sealed section, and ignores the readers stanza.", async () => {
  const { armor: file } = await sealedBlock();
  const stock = new Decrypter();
  stock.addIdentity(wren.line);
  assert.match(toText(await stock.decrypt(armor.decode(file))), /felt long/u);
});

test("Someone who is not a reader is told so.", async () => {
  assert.equal(await kindOf(openBlock(await sealedBlock(), keysOf(head))), "not-a-reader");
});

test("A reader whose key has been replaced is told that the part waits for their earlier key.", async () => {
  const later = await person("p-wren0001");
  assert.equal(await kindOf(openBlock(await sealedBlock(), keysOf(later))), "older-key");
});

test("A reader with two generations of keys opens what was sealed to the earlier one.", async () => {
  const later = await person("p-wren0001");
  const keys = new Map([["p-wren0001", [later.key, wren.key]]]);
  assert.equal((await openBlock(await sealedBlock(), keys)).text, NOTE.text);
});

test("A block copied to another place does not open there.", async () => {
  const block = await sealedBlock();
  const places: Partial<Block>[] = [
    { workspace: "another0workspace" },
    { record: "s-other000" },
    { type: "impact-statement" },
    { section: "Action steps" },
    { revision: 2 },
    { parties: [["coach", "p-idris001"]] },
    { readers: [...block.readers, ["p-head0001", head.reader.fingerprint]] },
  ];
  for (const place of places) {
    assert.equal(await kindOf(openBlock({ ...block, ...place }, keysOf(wren))), "damaged");
  }
});

test("A block with any one byte altered does not open.", async () => {
  const block = await sealedBlock();
  const file = armor.decode(block.armor);
  for (let place = 0; place < file.length; place += 37) {
    const altered = file.slice();
    altered[place] = (altered[place] ?? 0) ^ 1;
    const kind = await kindOf(openBlock({ ...block, armor: armor.encode(altered) }, keysOf(wren)));
    assert.ok(["damaged", "not-a-reader", "older-key"].includes(kind), kind);
  }
});

test("A cut, empty or foreign block is damaged.", async () => {
  const block = await sealedBlock();
  const stock = new Encrypter();
  stock.addRecipient(wren.reader.recipient);
  const foreign = armor.encode(await stock.encrypt("hello"));
  for (const text of [block.armor.slice(0, 300), "", "no armor", foreign]) {
    assert.equal(await kindOf(openBlock({ ...block, armor: text }, keysOf(wren))), "damaged");
  }
});

test("An armored block with Windows line ends opens.", async () => {
  const block = await sealedBlock();
  const windows = { ...block, armor: block.armor.replaceAll("\n", "\r\n") };
  assert.equal((await openBlock(windows, keysOf(wren))).text, NOTE.text);
});

test("Nothing is sealed for a key that does not fit its fingerprint.", async () => {
  const swapped = { ...wren.reader, recipient: head.reader.recipient };
  assert.equal(await kindOf(sealBlock(NOTE, [swapped])), "cannot-seal");
});

async function fragment(content: string): Promise<string> {
  const stock = new Encrypter();
  stock.addRecipient(wren.reader.recipient);
  return Buffer.from(await stock.encrypt(gzipSync(content))).toString("base64");
}

test("A fragment opens with the key of a reader, and with no other.", async () => {
  const file = await fragment('{"v":1,"name":"abc"}');
  assert.deepEqual(await openFragment("abc", file, [wren.key]), { v: 1, name: "abc" });
  assert.equal(await kindOf(openFragment("abc", file, [head.key])), "damaged");
});

test("A fragment put in the place of another does not open.", async () => {
  const file = await fragment('{"v":1,"name":"abc"}');
  assert.equal(await kindOf(openFragment("abd", file, [wren.key])), "damaged");
});

test("A fragment that is cut short inside its seal does not open.", async () => {
  const stock = new Encrypter();
  stock.addRecipient(wren.reader.recipient);
  const packed = gzipSync('{"v":1,"name":"abc"}').subarray(0, -6);
  const file = Buffer.from(await stock.encrypt(packed)).toString("base64");
  assert.equal(await kindOf(openFragment("abc", file, [wren.key])), "damaged");
});

test("A role's key is taken only if it derives the role's public line.", async () => {
  const role = await person("monitor@otterbeck");
  const stock = new Encrypter();
  stock.addRecipient(wren.reader.recipient);
  const file = armor.encode(await stock.encrypt(`# a comment\n${role.line}\n`));
  const opened = await openRoleKey(file, role.reader.recipient, [wren.key]);
  assert.equal(opened.fingerprint, role.reader.fingerprint);
  assert.equal(await kindOf(openRoleKey(file, head.reader.recipient, [wren.key])), "damaged");
});

test("Nothing is sealed past a reader who has no key yet.", async () => {
  const keyless = { id: "p-new00001", fingerprint: "", recipient: "" };
  assert.equal(await kindOf(sealBlock(NOTE, [wren.reader, keyless])), "cannot-seal");
});
