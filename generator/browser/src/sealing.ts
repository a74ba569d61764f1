// Seals a section for its readers, and opens one with the keys that are held.

import { armor, Decrypter, Encrypter } from "age-encryption";
import { fingerprintOf, fromBase64, parseKeyLine, toBase64, toText } from "./encoding.ts";
import { asObject, textOf } from "./fields.ts";
import type { Json } from "./json.ts";
import type { Key } from "./keys.ts";
import { unpack } from "./packing.ts";
import { parseKeyFile } from "./passphrase.ts";
import { formatPayload, formatWriting, parsePayload, type Party, type Payload } from "./payload.ts";
import { damaged, Problem } from "./problems.ts";
import {
  ReadersRecipient,
  sameReaders,
  SlotIdentity,
  type Keys,
  type ReaderPair,
} from "./readers.ts";
import type { SignatureLines } from "./signatures.ts";

/** A sealed section as a page hands it over: the file, and what must be found inside. */
export interface Block {
  readonly armor: string;
  readonly workspace: string;
  readonly record: string;
  readonly type: string;
  readonly section: string;
  readonly revision: number;
  readonly parties: readonly Party[];
  readonly readers: readonly ReaderPair[];
  /** What stands under the block, if its author signed it there. */
  readonly signature?: SignatureLines | undefined;
}

/** A reader that something is to be sealed for. */
export interface Reader {
  readonly id: string;
  readonly fingerprint: string;
  /** The line `age1…`. */
  readonly recipient: string;
}

/** The section's payload; throws a Problem that tells "not a reader" from "damaged". */
export async function openBlock(block: Block, keys: Keys): Promise<Payload> {
  const slot = new SlotIdentity(keys);
  const payload = parsePayload(await decrypt(readArmor(block.armor), slot));
  if (!sameReaders(slot.stated, payload.readers)) {
    throw damaged("the readers it names inside are others");
  }
  requirePlace(block, payload);
  return payload;
}

async function decrypt(file: Uint8Array, slot: SlotIdentity): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(slot);
  try {
    return await decrypter.decrypt(file);
  } catch (error) {
    throw error instanceof Problem ? error : damaged("its seal does not hold");
  }
}

function readArmor(text: string): Uint8Array {
  try {
    return armor.decode(text);
  } catch {
    throw damaged("it is not a sealed block");
  }
}

/** A block belongs in one place: copied elsewhere, or replayed, it must not pass. */
function requirePlace(block: Block, payload: Payload): void {
  const checks: [boolean, string][] = [
    [payload.workspace === block.workspace, "it belongs to another workspace"],
    [payload.record === block.record, "it belongs to another record"],
    [payload.type === block.type, "it belongs to another type of record"],
    [payload.section === block.section, "it belongs to another section"],
    [payload.revision === block.revision, "it is another revision"],
    [
      sameParties(payload.parties, block.parties),
      "it was written about other people or another note",
    ],
    [sameReaders(payload.readers, block.readers), "it was sealed for other readers"],
  ];
  const broken = checks.find(([holds]) => !holds);
  if (broken !== undefined) {
    throw damaged(broken[1]);
  }
}

function sameParties(one: readonly Party[], other: readonly Party[]): boolean {
  const line = (parties: readonly Party[]): string =>
    parties
      .map((party) => party.join("="))
      .sort()
      .join(" ");
  return line(one) === line(other);
}

/** The payload with its author's signature inside. */
export function signWriting<P extends Omit<Payload, "readers">>(payload: P, key: Key): P {
  const { sealedAt: at } = payload;
  const message = formatWriting(payload, at, key.fingerprint);
  const signature = toBase64(key.sign(message));
  return { ...payload, written: { at, key: key.fingerprint, signature } };
}

/** The payload sealed as an armored age file: first the readers stanza, then one for each reader. */
export async function sealBlock(
  payload: Omit<Payload, "readers">,
  readers: readonly Reader[],
): Promise<string> {
  const pairs = readers.map(pairOf);
  const encrypter = new Encrypter();
  encrypter.addRecipient(new ReadersRecipient(pairs));
  for (const reader of readers) {
    encrypter.addRecipient(reader.recipient);
  }
  return armor.encode(await encrypter.encrypt(formatPayload({ ...payload, readers: pairs })));
}

function pairOf(reader: Reader): ReaderPair {
  if (reader.recipient === "") {
    throw new Problem(
      "cannot-seal",
      `This can't be sealed yet, as one of its readers (${reader.id}) has no key.`,
      "Ask whoever looks after the keys to make one.",
    );
  }
  if (fingerprintOf(parseKeyLine("age", reader.recipient)) !== reader.fingerprint) {
    throw new Problem("cannot-seal", `The key of ${reader.id} does not fit its fingerprint.`);
  }
  return [reader.id, reader.fingerprint];
}

/** The JSON of a fragment: packed, sealed to readers without naming them, good for one name only. */
export async function openFragment(name: string, data: Json, keys: readonly Key[]): Promise<Json> {
  const decrypter = decrypterFor(keys);
  try {
    const packed = await decrypter.decrypt(fromBase64(typeof data === "string" ? data : ""));
    const content = JSON.parse(toText(await unpack(packed))) as Json;
    if (textOf(asObject(content), "name") !== name) {
      throw new Error("another fragment under this name");
    }
    return content;
  } catch {
    throw new Problem(
      "damaged",
      "This page does not open with your key.",
      "The portal may have been built again meanwhile: reload the page, then unlock again.",
    );
  }
}

/** A role's key, from the file that is sealed to its holders; checked against its public line. */
export async function openRoleKey(
  armored: string,
  recipient: string,
  keys: readonly Key[],
): Promise<Key> {
  const decrypter = decrypterFor(keys);
  try {
    const [role] = await parseKeyFile(toText(await decrypter.decrypt(armor.decode(armored))));
    if (role?.fingerprint !== fingerprintOf(parseKeyLine("age", recipient))) {
      throw new Error("another key");
    }
    return role;
  } catch {
    throw damaged("the role's key does not open with yours");
  }
}

function decrypterFor(keys: readonly Key[]): Decrypter {
  const decrypter = new Decrypter();
  for (const key of keys) {
    decrypter.addIdentity(key);
  }
  return decrypter;
}
