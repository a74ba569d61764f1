// A new key, made in the browser: its two files are what `coachbook keys new` writes.

import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { bech32 } from "@scure/base";
import { armor, Encrypter } from "age-encryption";
import { readOutOf, toBase64 } from "./encoding.ts";
import { signingSeed } from "./keys.ts";
import { normalisePassphrase } from "./passphrase.ts";

const WORDS_IN_PASSPHRASE = 6;
const WORK_FACTOR = 15;
const SECRET_LENGTH = 32;
const NUMBERS = 2 ** 16;

/** Whose key it is: the id of the person, which key of theirs, and the day it is made. */
export interface Owner {
  readonly id: string;
  readonly generation: number;
  readonly created: string;
}

/** What comes of a key: the line that anybody may have, and the file under six words. */
export interface KeyFiles {
  /** What its owner reads out to whoever files the public half. */
  readonly readOut: string;
  readonly publicName: string;
  readonly publicText: string;
  readonly privateName: string;
  readonly privateText: string;
}

/** Fills a length of bytes by chance, as `crypto.getRandomValues` does. */
export type Random = (length: number) => Uint8Array;

/** Six words of the list by chance, each as likely as the others. */
export function drawWords(list: readonly string[], random: Random): string[] {
  const top = NUMBERS - (NUMBERS % list.length); // beyond it, the first words would come up more often
  const words: string[] = [];
  while (words.length < WORDS_IN_PASSPHRASE) {
    const [high = 0, low = 0] = random(2);
    const number = high * 256 + low;
    const word = number < top ? list[number % list.length] : undefined;
    if (word !== undefined) {
      words.push(word);
    }
  }
  return words;
}

/** Whether what was typed is the passphrase, however it was spaced. */
export function isTyped(words: readonly string[], typed: string): boolean {
  return normalisePassphrase(typed) === words.join("-");
}

/** A new key under the words; the secret leaves this function only inside the protected file. */
export async function makeKey(
  owner: Owner,
  words: readonly string[],
  random: Random,
): Promise<KeyFiles> {
  const secret = random(SECRET_LENGTH);
  try {
    return await keyFiles(owner, secret, words, WORK_FACTOR);
  } finally {
    secret.fill(0);
  }
}

/** The two files of a key; `workFactor` is how much a guess at the passphrase costs. */
export async function keyFiles(
  owner: Owner,
  secret: Uint8Array,
  words: readonly string[],
  workFactor: number,
): Promise<KeyFiles> {
  const lock = new Encrypter();
  lock.setPassphrase(words.join("-"));
  lock.setScryptWorkFactor(workFactor);
  const sealed = await lock.encrypt(identityText(owner, secret));
  const open = publicText(owner, secret);
  return {
    readOut: readOutOf(open),
    publicName: `${owner.id}.pub`,
    publicText: open,
    privateName: `${owner.id}.age`,
    privateText: `${armor.encode(sealed).trimEnd()}\n`,
  };
}

/** The `.pub` file: six lines that anybody may read. */
export function publicText(owner: Owner, secret: Uint8Array): string {
  return lines([
    "coachbook-public-key: 1",
    `owner: ${owner.id}`,
    `generation: ${owner.generation}`,
    `recipient: ${recipientOf(secret)}`,
    `signing: ${toBase64(ed25519.getPublicKey(signingSeed(secret)))}`,
    `created: ${owner.created}`,
  ]);
}

/** What the protected file holds: a standard age identity file. */
export function identityText(owner: Owner, secret: Uint8Array): string {
  return lines([
    "# coachbook private key",
    `# owner: ${owner.id}`,
    `# generation: ${owner.generation}`,
    `# public key: ${recipientOf(secret)}`,
    bech32.encodeFromBytes("age-secret-key-", secret).toUpperCase(),
  ]);
}

function recipientOf(secret: Uint8Array): string {
  return bech32.encodeFromBytes("age", x25519.getPublicKey(secret));
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}
