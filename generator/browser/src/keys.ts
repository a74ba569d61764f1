// A private key in memory: it opens one stanza of an age file, and can't be read out again.

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { base64nopad } from "@scure/base";
import { Stanza, type Identity } from "age-encryption";
import { fingerprintOf, joinBytes, parseKeyLine, toBytes } from "./encoding.ts";

const INFO = toBytes("age-encryption.org/v1/X25519");
const SIGNING_INFO = toBytes("coachbook signing v1");
const SHARE_LENGTH = 32;
const WRAPPED_LENGTH = 32;
const NONCE = new Uint8Array(12);
const PKCS8_PREFIX = Uint8Array.of(
  0x30,
  0x2e,
  0x02,
  0x01,
  0x00,
  0x30,
  0x05,
  0x06,
  0x03,
  0x2b,
  0x65,
  0x6e,
  0x04,
  0x22,
  0x04,
  0x20,
);

type Agree = (share: Uint8Array) => Promise<Uint8Array>;
type Sign = (message: Uint8Array) => Uint8Array;

/** A person's or role's key. As an age identity it tries each X25519 stanza in turn. */
export class Key implements Identity {
  readonly publicKey: Uint8Array;
  readonly fingerprint: string;
  readonly #agree: Agree;
  readonly #sign: Sign;

  private constructor(publicKey: Uint8Array, agree: Agree, sign: Sign) {
    this.publicKey = publicKey;
    this.fingerprint = fingerprintOf(publicKey);
    this.#agree = agree;
    this.#sign = sign;
  }

  /** The key of a line `AGE-SECRET-KEY-1…`; throws an Error, which quotes nothing. */
  static async parse(line: string): Promise<Key> {
    const secret = parseKeyLine("age-secret-key-", line);
    return new Key(x25519.getPublicKey(secret), await agreement(secret), signature(secret));
  }

  /** The Ed25519 signature of the message, by the signing key that follows from this one. */
  sign(message: Uint8Array): Uint8Array {
    return this.#sign(message);
  }

  async unwrapFileKey(stanzas: Stanza[]): Promise<Uint8Array | null> {
    for (const stanza of stanzas) {
      const fileKey = stanza.args[0] === "X25519" ? await this.unwrapStanza(stanza) : null;
      if (fileKey !== null) {
        return fileKey;
      }
    }
    return null;
  }

  /** The file key from this one X25519 stanza, or null if it is for another key. */
  async unwrapStanza(stanza: Stanza): Promise<Uint8Array | null> {
    const share = base64nopad.decode(stanza.args[1] ?? "");
    const sound = stanza.args.length === 2 && share.length === SHARE_LENGTH;
    if (!sound || stanza.body.length !== WRAPPED_LENGTH) {
      throw new Error("malformed stanza");
    }
    const secret = await this.#agree(share);
    const wrapKey = hkdf(sha256, secret, joinBytes(share, this.publicKey), INFO, 32);
    return unwrapBody(stanza.body, wrapKey);
  }
}

/** The 16 bytes under the key, or null if it is another key. */
export function unwrapBody(body: Uint8Array, wrapKey: Uint8Array): Uint8Array | null {
  try {
    return chacha20poly1305(wrapKey, NONCE).decrypt(body);
  } catch {
    return null;
  }
}

/** By our own code in every browser: those of the last years do not all know Ed25519. */
function signature(secret: Uint8Array): Sign {
  const seed = signingSeed(secret);
  return (message) => ed25519.sign(message, seed);
}

/** The seed of the Ed25519 signing key that follows from a private key. */
export function signingSeed(secret: Uint8Array): Uint8Array {
  return hkdf(sha256, secret, undefined, SIGNING_INFO, 32);
}

/** X25519 by the browser, which then holds the key, or by our own code in an older browser. */
async function agreement(secret: Uint8Array): Promise<Agree> {
  try {
    const usages: KeyUsage[] = ["deriveBits"];
    const pkcs8 = buffer(joinBytes(PKCS8_PREFIX, secret));
    const held = await crypto.subtle.importKey("pkcs8", pkcs8, "X25519", false, usages);
    await agree(held, x25519.GuBytes);
    return (share) => agree(held, share);
  } catch {
    return (share) => Promise.resolve(x25519.getSharedSecret(secret, share));
  }
}

async function agree(held: CryptoKey, share: Uint8Array): Promise<Uint8Array> {
  const peer = await crypto.subtle.importKey("raw", buffer(share), "X25519", false, []);
  return new Uint8Array(
    await crypto.subtle.deriveBits({ name: "X25519", public: peer }, held, 256),
  );
}

/** The bytes as WebCrypto's types want them: never shared between threads. */
function buffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}
