// Who wrote a sealed part: signed inside the seal and outside it. The twin of signatures.py.

import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { armor } from "age-encryption";
import { fromBase64, toBase64, toBytes, toHex } from "./encoding.ts";
import type { Key } from "./keys.ts";
import { formatWriting, sortedParties, type Party, type Payload } from "./payload.ts";

/** The fence under a sealed block. */
export interface SignatureLines {
  readonly signer: string;
  readonly key: string;
  readonly day: string;
  /** In base64. */
  readonly signature: string;
}

/** A sealed block as far as it is signed outside. */
export interface Signed {
  readonly armor: string;
  readonly workspace: string;
  readonly record: string;
  readonly type: string;
  readonly section: string;
  readonly parties: readonly Party[];
  readonly revision: number;
  readonly signature?: SignatureLines | undefined;
}

export interface SigningKey {
  readonly fingerprint: string;
  /** The Ed25519 public key in base64. */
  readonly signing: string;
  /** The day on which a newer key took its place; empty for the newest. */
  readonly until: string;
}

/** A person who may have signed; without a name where the page does not say who wrote what. */
export interface SignerKeys {
  readonly name: string;
  /** The person's last day; empty while they are here. */
  readonly left: string;
  readonly keys: readonly SigningKey[];
}

export type Signers = ReadonlyMap<string, SignerKeys>;

export type Fault =
  "unknown-key" | "not-this" | "replaced" | "left" | "another-hand" | "nobody-inside";

export interface Authorship {
  readonly state: "signed" | "unsigned" | "mismatch";
  readonly person: string;
  /** The moment of writing, as its author said it; empty where nobody signed. */
  readonly written: string;
  /** The moment of sealing; another one where the text was sealed again since. */
  readonly sealed: string;
  readonly fault: Fault | undefined;
}

/** Who wrote the part that was opened. */
export function authorshipOf(payload: Payload, block: Signed, signers: Signers): Authorship {
  const { written, author, sealedAt: sealed } = payload;
  const outside = block.signature;
  if (written === undefined) {
    return outside === undefined
      ? { state: "unsigned", person: author, written: "", sealed, fault: undefined }
      : { state: "mismatch", person: outside.signer, written: "", sealed, fault: "nobody-inside" };
  }
  const inner = writingFault(payload, signers);
  if (inner !== undefined || outside === undefined) {
    const state = inner === undefined ? "signed" : "mismatch";
    return { state, person: author, written: written.at, sealed, fault: inner };
  }
  const fault = outside.signer === author ? sealFault(block, outside, signers) : "another-hand";
  const state = fault === undefined ? "signed" : "mismatch";
  return { state, person: outside.signer, written: written.at, sealed, fault };
}

function writingFault(payload: Payload, signers: Signers): Fault | undefined {
  const { author, written } = payload;
  if (written === undefined) {
    return undefined;
  }
  const message = (): Uint8Array => formatWriting(payload, written.at, written.key);
  const day = written.at.slice(0, 10);
  return faultOf(signers.get(author), written.key, day, written.signature, message);
}

function sealFault(block: Signed, lines: SignatureLines, signers: Signers): Fault | undefined {
  const { signer, key, day, signature } = lines;
  return faultOf(signers.get(signer), key, day, signature, () => sealMessage(block, lines));
}

function faultOf(
  signer: SignerKeys | undefined,
  fingerprint: string,
  day: string,
  signature: string,
  message: () => Uint8Array,
): Fault | undefined {
  const key = signer?.keys.find((one) => one.fingerprint === fingerprint);
  if (signer === undefined || key === undefined) {
    return "unknown-key";
  }
  if (!verifies(signature, message, key.signing)) {
    return "not-this";
  }
  if (key.until !== "" && day > key.until) {
    return "replaced";
  }
  return signer.left !== "" && day > signer.left ? "left" : undefined;
}

/** Strictly by RFC 8032, so that no implementation takes what another refuses. */
function verifies(signature: string, message: () => Uint8Array, signing: string): boolean {
  try {
    const key = fromBase64(signing);
    return ed25519.verify(fromBase64(signature), message(), key, { zip215: false });
  } catch {
    return false;
  }
}

/** The signature outside a block that was just sealed. */
export function signSeal(block: Signed, signer: string, key: Key, day: string): SignatureLines {
  const lines = { signer, key: key.fingerprint, day, signature: "" };
  return { ...lines, signature: toBase64(key.sign(sealMessage(block, lines))) };
}

function sealMessage(block: Signed, { signer, key, day }: SignatureLines): Uint8Array {
  const lines = [
    "coachbook-seal: 1",
    `workspace: ${block.workspace}`,
    `record: ${block.record}`,
    `type: ${block.type}`,
    `section: ${block.section}`,
    `parties: ${sortedParties(block.parties).join(" ")}`,
    `revision: ${block.revision}`,
    `signer: ${signer}`,
    `key: ${key}`,
    `day: ${day}`,
    `sha256: ${toHex(sha256(armor.decode(block.armor)))}`,
  ];
  return toBytes(lines.map((line) => `${line}\n`).join(""));
}

/** The fence under a sealed block, as it stands in a record. */
export function formatSignature({ signer, key, day, signature }: SignatureLines): string {
  const lines = [`signer: ${signer}`, `key: ${key}`, `day: ${day}`, `signature: ${signature}`];
  return `\`\`\`age-signature\n${lines.map((line) => `${line}\n`).join("")}\`\`\``;
}
