// Bytes as text and back: UTF-8, base64, hexadecimal, fingerprints.

import { sha256 } from "@noble/hashes/sha2.js";
import { base32nopad, base64, bech32, hex } from "@scure/base";

const FINGERPRINT_LABEL = "coachbook fingerprint v1\n";
const READ_OUT_LABEL = "coachbook public key read out v1\n";
const FINGERPRINT_BYTES = 16;
const KEY_LENGTH = 32;

export function toBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The text of the bytes; throws a TypeError where they are not UTF-8. Keeps a BOM as it is. */
export function toText(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

export function toHex(bytes: Uint8Array): string {
  return hex.encode(bytes);
}

export function fromBase64(text: string): Uint8Array {
  return base64.decode(text);
}

export function toBase64(bytes: Uint8Array): string {
  return base64.encode(bytes);
}

export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** The 32 bytes of a line `age1…` or `AGE-SECRET-KEY-1…`; throws an Error, which quotes nothing. */
export function parseKeyLine(prefix: "age" | "age-secret-key-", line: string): Uint8Array {
  const { prefix: found, bytes } = decodeBech32(line);
  if (found !== prefix || bytes.length !== KEY_LENGTH) {
    throw new Error("not a key line");
  }
  return bytes;
}

function decodeBech32(line: string): { prefix: string; bytes: Uint8Array } {
  try {
    return bech32.decodeToBytes(line.toLowerCase());
  } catch {
    throw new Error("not a key line");
  }
}

/** 26 characters of lower-case base32 that stand for a public key. */
export function fingerprintOf(publicKey: Uint8Array): string {
  return shortened(joinBytes(toBytes(FINGERPRINT_LABEL), publicKey));
}

/** 26 characters that stand for a whole `.pub` file, and so for the key that signs too. */
export function readOutOf(publicText: string): string {
  return shortened(toBytes(READ_OUT_LABEL + publicText));
}

function shortened(bytes: Uint8Array): string {
  const digest = sha256(bytes).slice(0, FINGERPRINT_BYTES);
  return base32nopad.encode(digest).toLowerCase();
}
