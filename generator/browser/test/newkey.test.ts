import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { drawWords, identityText, isTyped, keyFiles, publicText } from "../src/newkey.ts";
import { openProtectedKeys } from "../src/passphrase.ts";

interface Case {
  readonly owner: string;
  readonly generation: number;
  readonly created: string;
  readonly secret: string;
  readonly fingerprint: string;
  readonly readOut: string;
  readonly public: string;
  readonly identity: string;
}

const FILE = join("..", "..", "..", "tests", "vectors", "keyfile.json");
const { cases } = JSON.parse(readFileSync(FILE, "utf-8")) as { cases: readonly Case[] };
const WORDS = ["otter", "lantern", "maple", "tidy", "chalk", "river"];

function secretOf({ secret }: Case): Uint8Array {
  return new Uint8Array(Buffer.from(secret, "hex"));
}

function ownerOf({ owner, generation, created }: Case) {
  return { id: owner, generation, created };
}

test("Key files are to the letter what coachbook keys new writes.", () => {
  for (const one of cases) {
    assert.equal(publicText(ownerOf(one), secretOf(one)), one.public);
    assert.equal(identityText(ownerOf(one), secretOf(one)), one.identity);
  }
});

test("The protected file opens with its words alone, and holds the key of the public line.", async () => {
  const [one] = cases;
  assert.ok(one);
  const files = await keyFiles(ownerOf(one), secretOf(one), WORDS, 10);
  const [key] = await openProtectedKeys(files.privateText, "Otter Lantern maple tidy chalk river");
  assert.equal(key?.fingerprint, one.fingerprint);
  assert.equal(files.readOut, one.readOut);
  await assert.rejects(openProtectedKeys(files.privateText, "otter lantern maple tidy chalk lake"));
  assert.ok(!files.privateText.includes("AGE-SECRET-KEY"));
});

test("Words that would come up more often are drawn again.", () => {
  const list = Array.from({ length: 7000 }, (_, n) => `w${n}`);
  const numbers = [63000, 65535, 0, 6999, 7000, 62999, 1, 2];
  let drawn = 0;
  const random = (): Uint8Array => {
    const number = numbers[drawn++] ?? 0;
    return Uint8Array.of(number >> 8, number & 255);
  };
  assert.deepEqual(drawWords(list, random), ["w0", "w6999", "w0", "w6999", "w1", "w2"]);
});

test("What is typed back is compared as a passphrase is.", () => {
  assert.ok(isTyped(WORDS, " OTTER-lantern  maple tidy chalk river"));
  assert.ok(!isTyped(WORDS, "otter lantern maple tidy river chalk"));
  assert.ok(!isTyped(WORDS, ""));
});
