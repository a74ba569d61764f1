// A passphrase-protected key file: standard age, scrypt, with progress while it works.

import { scryptAsync } from "@noble/hashes/scrypt.js";
import { base64nopad } from "@scure/base";
import { armor, Decrypter, Stanza, type Identity } from "age-encryption";
import { joinBytes, toBytes, toText } from "./encoding.ts";
import { Key, unwrapBody } from "./keys.ts";
import { Problem } from "./problems.ts";

const LABEL = toBytes("age-encryption.org/v1/scrypt");
const SALT_LENGTH = 16;
const WRAPPED_LENGTH = 32;
const HIGHEST_LOG_N = 20;

export type Progress = (share: number) => void;

/** Six words as they were made, however they were typed: lower case, joined by hyphens. */
export function normalisePassphrase(typed: string): string {
  return typed
    .normalize("NFKC")
    .toLowerCase()
    .split(/[\s\u2010-\u2015\u2212-]+/u)
    .filter((word) => word !== "")
    .join("-");
}

/** The keys in a protected key file, today's first, then earlier ones; throws a Problem. */
export async function openProtectedKeys(
  armored: string,
  passphrase: string,
  progress?: Progress,
): Promise<Key[]> {
  return parseKeyFile(await openProtectedFile(armored, passphrase, progress));
}

/** The lines of a protected key file; throws a Problem. */
export async function openProtectedFile(
  armored: string,
  passphrase: string,
  progress: Progress = () => undefined,
): Promise<string> {
  const lock = new PassphraseLock(normalisePassphrase(passphrase), progress);
  const file = readArmor(armored);
  try {
    const decrypter = new Decrypter();
    decrypter.addIdentity(lock);
    return toText(await decrypter.decrypt(file));
  } catch {
    throw { untried: notAKeyFile, refused: wrongPassphrase, opened: damagedKeyFile }[lock.state]();
  }
}

function wrongPassphrase(): Problem {
  return new Problem(
    "wrong-passphrase",
    "That passphrase doesn't open this key.",
    "Check each word against your welcome card; capitals and spaces don't matter. If it is lost, ask whoever looks after the keys for a new one.",
  );
}

function notAKeyFile(): Problem {
  return new Problem(
    "key-file",
    "That file is not a protected key.",
    "Choose the file that ends in .age and came with your welcome card.",
  );
}

function damagedKeyFile(): Problem {
  return new Problem(
    "key-file",
    "The passphrase is right, but the key file is damaged.",
    "Take another copy of it, or ask whoever looks after the keys for a new key.",
  );
}

function readArmor(armored: string): Uint8Array {
  try {
    return armor.decode(armored);
  } catch {
    throw notAKeyFile();
  }
}

/** The key lines of an age identity file, whose other lines are comments or blank. */
export async function parseKeyFile(text: string): Promise<Key[]> {
  const lines = text.split(/\r?\n/u).filter((line) => line !== "" && !line.startsWith("#"));
  try {
    const keys = await Promise.all(lines.map((line) => Key.parse(line)));
    if (keys.length === 0) {
      throw new Error("no key line");
    }
    return keys;
  } catch {
    throw notAKeyFile();
  }
}

class PassphraseLock implements Identity {
  /** How far the passphrase has come, which tells what it means if the file does not open. */
  state: "untried" | "refused" | "opened" = "untried";

  constructor(
    private readonly passphrase: string,
    private readonly progress: Progress,
  ) {}

  async unwrapFileKey(stanzas: Stanza[]): Promise<Uint8Array | null> {
    const [stanza, ...others] = stanzas;
    if (stanza?.args[0] !== "scrypt" || others.length > 0) {
      return null;
    }
    const { salt, logN } = parseStanza(stanza);
    const wrapKey = await scryptAsync(this.passphrase, joinBytes(LABEL, salt), {
      N: 2 ** logN,
      r: 8,
      p: 1,
      dkLen: 32,
      onProgress: this.progress,
    });
    const fileKey = unwrapBody(stanza.body, wrapKey);
    this.state = fileKey === null ? "refused" : "opened";
    return fileKey;
  }
}

function parseStanza(stanza: Stanza): { salt: Uint8Array; logN: number } {
  const [, saltText = "", work = ""] = stanza.args;
  const salt = base64nopad.decode(saltText);
  const logN = /^[1-9][0-9]?$/u.test(work) ? Number(work) : Infinity;
  const sound = stanza.args.length === 3 && salt.length === SALT_LENGTH;
  if (!sound || logN > HIGHEST_LOG_N || stanza.body.length !== WRAPPED_LENGTH) {
    throw new Error("malformed stanza");
  }
  return { salt, logN };
}
