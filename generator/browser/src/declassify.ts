// The record that a page was given out: what, for whom, when, by whom, and the hash of the file.

import { sha256 } from "@noble/hashes/sha2.js";
import { toBytes, toHex } from "./encoding.ts";
import { formatRecord, newId, recordPath, type HeaderValue, type Random } from "./newrecord.ts";

const PREFIX = "dc";

export interface GivenOut {
  readonly what: string;
  readonly forWhom: string;
  readonly school: string;
  /** ISO days; what was given out may have no first and last day. */
  readonly day: string;
  readonly from: string;
  readonly to: string;
  /** Who made it: a person's id. */
  readonly by: string;
  /** The smallest number of people that a figure stands on; 0 where it is about one person. */
  readonly least: number;
  readonly statements: number;
  /** The figures that stand on it, each with its name. */
  readonly figures: readonly string[];
  /** The whole file, or the text that was copied. */
  readonly file: string;
}

export interface ClearRecord {
  readonly path: string;
  readonly text: string;
}

/** The record of a page given out, in the clear: its figures are on it, and no word of a note. */
export function declassification(given: GivenOut, place: string, random: Random): ClearRecord {
  const id = newId(PREFIX, random);
  const header = new Map<string, HeaderValue>([
    ["type", "declassification"],
    ["id", id],
    ["school", given.school],
    ["what", given.what],
    ["for_whom", given.forWhom],
    ["made_on", given.day],
    ["made_by", given.by],
    ["from", given.from],
    ["to", given.to],
    ["least", given.least],
    ["statements", given.statements],
    ["figures", given.figures],
    ["hash", fileHash(given.file)],
  ]);
  for (const [key, value] of header) {
    if (value === "" || (Array.isArray(value) && value.length === 0)) {
      header.delete(key);
    }
  }
  return { path: recordPath(place, given.day, id), text: formatRecord(header, []) };
}

/** The SHA-256 of a file's text, in hexadecimal. */
export function fileHash(text: string): string {
  return toHex(sha256(toBytes(text)));
}
