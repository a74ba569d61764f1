// The first stanza of a sealed section: its readers, in the order of the stanzas that follow.

import { Stanza, type Identity, type Recipient } from "age-encryption";
import type { Key } from "./keys.ts";
import { damaged, notAReader, olderKey } from "./problems.ts";

export const TYPE = "coachbook/readers";

/** A reader as files name one: a person or a scoped role, and the fingerprint of the key. */
export type ReaderPair = readonly [id: string, fingerprint: string];

/** The keys that are open, by person or scoped role; a role's earlier keys come after today's. */
export type Keys = ReadonlyMap<string, readonly Key[]>;

const ATOM = /^[0-9A-Za-z][0-9A-Za-z@._-]*$/u;
const FINGERPRINT = /^[a-z2-7]{26}$/u;

/** Writes the readers stanza; an age recipient that wraps the file key for nobody. */
export class ReadersRecipient implements Recipient {
  constructor(private readonly readers: readonly ReaderPair[]) {}

  wrapFileKey(): Stanza[] {
    const args = this.readers.map(([id, fingerprint]) => `${id}:${fingerprint}`);
    return [new Stanza([TYPE, ...args], new Uint8Array())];
  }
}

/** The stated readers; throws a Problem unless the stanzas are as a sealed section has them. */
export function statedReaders(stanzas: readonly Stanza[]): ReaderPair[] {
  const [first, ...slots] = stanzas;
  if (first?.args[0] !== TYPE || first.body.length > 0) {
    throw damaged("it does not state its readers");
  }
  const readers = first.args.slice(1).map(parsePair);
  const [ids, fingerprints] = [0, 1].map((place) => new Set(readers.map((pair) => pair[place])));
  const once = ids?.size === readers.length && fingerprints?.size === readers.length;
  if (
    readers.length === 0 ||
    readers.length !== slots.length ||
    !once ||
    slots.some((slot) => slot.args[0] !== "X25519")
  ) {
    throw damaged("its list of readers does not fit");
  }
  return readers;
}

function parsePair(text: string): ReaderPair {
  const [id = "", fingerprint = "", ...more] = text.split(":");
  if (!ATOM.test(id) || !FINGERPRINT.test(fingerprint) || more.length > 0) {
    throw damaged("its list of readers is malformed");
  }
  return [id, fingerprint];
}

/** Opens a section with the one stanza that is the reader's own, as an age identity. */
export class SlotIdentity implements Identity {
  /** The readers as the header states them, once it has been read. */
  stated: readonly ReaderPair[] = [];

  constructor(private readonly keys: Keys) {}

  async unwrapFileKey(stanzas: Stanza[]): Promise<Uint8Array | null> {
    this.stated = statedReaders(stanzas);
    const { slot, key } = findSlot(this.stated, this.keys);
    const stanza = stanzas[slot + 1];
    const fileKey = stanza === undefined ? null : await key.unwrapStanza(stanza);
    if (fileKey === null) {
      throw damaged("your place among its readers does not open");
    }
    return fileKey;
  }
}

function findSlot(stated: readonly ReaderPair[], keys: Keys): { slot: number; key: Key } {
  for (const [slot, [id, fingerprint]] of stated.entries()) {
    const key = keys.get(id)?.find((held) => held.fingerprint === fingerprint);
    if (key !== undefined) {
      return { slot, key };
    }
  }
  throw stated.some(([id]) => keys.has(id)) ? olderKey() : notAReader();
}

export function sameReaders(one: readonly ReaderPair[], other: readonly ReaderPair[]): boolean {
  const line = (pairs: readonly ReaderPair[]): string =>
    pairs.map((pair) => pair.join(":")).join(" ");
  return line(one) === line(other);
}
