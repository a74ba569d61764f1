import assert from "node:assert/strict";
import { test } from "node:test";
import { armor, Encrypter, generateX25519Identity } from "age-encryption";
import { normalisePassphrase, openProtectedKeys } from "../src/passphrase.ts";
import type { Problem } from "../src/problems.ts";

const WORDS = "otter-lantern-maple-tidy-chalk-river";

async function keyFile(content?: string): Promise<string> {
  const stock = new Encrypter();
  stock.setPassphrase(WORDS);
  stock.setScryptWorkFactor(10);
  return armor.encode(
    await stock.encrypt(content ?? `# created\n${await generateX25519Identity()}\n`),
  );
}

async function kindOf(opening: Promise<unknown>): Promise<string> {
  return opening.then(
    () => "opened",
    (error: Problem) => error.kind,
  );
}

test("Capitals, spaces and any sort of hyphen are forgiven in a passphrase.", () => {
  const typed = [
    "otter lantern maple tidy chalk river",
    "  Otter–Lantern\tMAPLE‑tidy - chalk\u00a0river ",
  ];
  assert.deepEqual(typed.map(normalisePassphrase), [WORDS, WORDS]);
});

test("A protected key opens with its passphrase, and tells how far it has come.", async () => {
  const seen: number[] = [];
  const [key, ...others] = await openProtectedKeys(await keyFile(), WORDS, (share) =>
    seen.push(share),
  );
  assert.equal(key?.fingerprint.length, 26);
  assert.equal(others.length, 0);
  assert.ok(seen.length > 0 && seen.every((share) => share >= 0 && share <= 1));
});

test("A wrong passphrase is told from a file that is no key.", async () => {
  assert.equal(
    await kindOf(openProtectedKeys(await keyFile(), "otter-lantern")),
    "wrong-passphrase",
  );
  assert.equal(await kindOf(openProtectedKeys("not a key", WORDS)), "key-file");
  assert.equal(await kindOf(openProtectedKeys(await keyFile("hello"), WORDS)), "key-file");
});

test("A damaged key file is told from a wrong passphrase.", async () => {
  const file = armor.decode(await keyFile());
  file.set([(file.at(-1) ?? 0) ^ 1], file.length - 1);
  const told = await openProtectedKeys(armor.encode(file), WORDS).catch(
    (error: Problem) => error.message,
  );
  assert.equal(told, "The passphrase is right, but the key file is damaged.");
});

test("A key file holds today's key first and the earlier ones after it.", async () => {
  const lines = [await generateX25519Identity(), await generateX25519Identity()];
  const keys = await openProtectedKeys(await keyFile(`# two\n${lines.join("\n")}\n`), WORDS);
  assert.equal(new Set(keys.map((key) => key.fingerprint)).size, 2);
});
