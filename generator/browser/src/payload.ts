// What is inside a sealed section: header, data, text, padding. The twin of payload.py.

import { joinBytes, toBytes, toText } from "./encoding.ts";
import { formatObject, parseObject, type JsonObject } from "./json.ts";
import { damaged, Problem } from "./problems.ts";
import type { ReaderPair } from "./readers.ts";

export type Party = readonly [relation: string, person: string];

export interface Payload {
  readonly workspace: string;
  readonly record: string;
  readonly type: string;
  /** The section's name, or "*" for a record that is sealed whole. */
  readonly section: string;
  readonly revision: number;
  readonly parties: readonly Party[];
  /** Empty if nobody is named. A claim, unless `written` holds their signature. */
  readonly author: string;
  /** When the author wrote this and the signature they gave it; absent where nobody signed. */
  readonly written?: Written;
  readonly sealedAt: string;
  readonly policy: string;
  /** The text rules that ran before sealing. */
  readonly rules: readonly string[];
  /** In the order of the stanzas. */
  readonly readers: readonly ReaderPair[];
  readonly data: JsonObject;
  readonly text: string;
}

export interface Written {
  readonly at: string;
  /** The fingerprint of the key that was used. */
  readonly key: string;
  /** In base64. */
  readonly signature: string;
}

export const SIZES: readonly number[] = Array.from(
  { length: 14 },
  (_, doublings) => 512 << doublings,
);
export const TEXT_LIMIT = 1 << 20;
/** The newest format; what nobody has signed is still written in the first. */
const VERSION = 2;
const VERSION_LINE = "coachbook-payload";
const WRITTEN = "written";
const NEWLINE = 0x0a;

const ID = "[0-9A-Za-z][0-9A-Za-z@._-]*";
const PARTY = `[a-z][a-z0-9-]*=${ID}`;
const READER = `${ID}:[a-z2-7]{26}`;
const MOMENT = "[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z";
/** 64 bytes in their one spelling. */
const SIGNATURE = "[0-9A-Za-z+/]{85}[AQgw]==";

/** The header lines in their order, and the form of each value. */
const GRAMMAR: ReadonlyMap<string, RegExp> = new Map(
  [
    [VERSION_LINE, "[1-9][0-9]{0,5}"],
    ["workspace", ID],
    ["record", ID],
    ["type", ID],
    ["section", "[^\\x00-\\x20](?:[^\\x00-\\x1f]*[^\\x00-\\x20])?"],
    ["revision", "[1-9][0-9]{0,8}"],
    ["parties", `(?:${PARTY}(?: ${PARTY})*)?`],
    ["author", `(?:${ID})?`],
    [WRITTEN, `${MOMENT} [a-z2-7]{26} ${SIGNATURE}`],
    ["sealed-at", MOMENT],
    ["policy", ID],
    ["rules", `(?:${ID}(?: ${ID})*)?`],
    ["readers", `${READER}(?: ${READER})*`],
    ["data", "\\{[^\\x00-\\x1f]*\\}"],
    ["length", "0|[1-9][0-9]{0,6}"],
  ].map(([name = "", form = ""]) => [name, new RegExp(`^(?:${form})$`, "u")]),
);

/** The lines that sealing the same text again changes, and the signature itself. */
const OF_THE_SEAL: ReadonlySet<string> = new Set([
  VERSION_LINE,
  WRITTEN,
  "revision",
  "sealed-at",
  "policy",
  "rules",
  "readers",
]);

function grammarOf(version: string): [string, RegExp][] {
  return [...GRAMMAR].filter(([name]) => name !== WRITTEN || version !== "1");
}

/** What an author signs: the text, its data and its place, the moment, and the key used. */
export function formatWriting(
  payload: Omit<Payload, "readers">,
  at: string,
  key: string,
): Uint8Array {
  const text = toBytes(payload.text);
  const values = headerValues({ ...payload, readers: [] }, text.length);
  const lines: [string, string][] = [
    ["coachbook-writing", "1"],
    ...[...values].filter(([name]) => !OF_THE_SEAL.has(name)),
    [WRITTEN, `${at} ${key}`],
  ];
  const header = lines.map(([name, value]) => `${name}: ${value}\n`).join("");
  return joinBytes(toBytes(`${header}\n`), text);
}

/** The payload as padded bytes; throws a Problem if it can't be written. */
export function formatPayload(payload: Payload): Uint8Array {
  requireWhole(payload.text);
  const text = toBytes(payload.text);
  if (text.length > TEXT_LIMIT) {
    throw tooLong();
  }
  const values = headerValues(payload, text.length);
  const fault = formFault(values) || senseFault(payload);
  if (fault !== "") {
    throw new Problem("cannot-seal", `This section cannot be sealed: ${fault}.`);
  }
  const header = [...values].map(([name, value]) => `${name}: ${value}\n`).join("");
  return pad(joinBytes(toBytes(`${header}\n`), text));
}

function pad(content: Uint8Array): Uint8Array {
  const size = paddedSize(content.length);
  if (size === undefined) {
    throw tooLong();
  }
  const padded = new Uint8Array(size).fill(NEWLINE);
  padded.set(content);
  return padded;
}

/** The payload in the bytes; throws a Problem, which quotes nothing of it. */
export function parsePayload(data: Uint8Array): Payload {
  const blank = data.findIndex((byte, place) => byte === NEWLINE && data[place + 1] === NEWLINE);
  const start = blank < 0 ? data.length : blank + 2;
  const values = parseHeader(decode(blank < 0 ? data : data.subarray(0, blank)));
  const length = Number(values.get("length"));
  requirePadding(data, start + length);
  const payload = parseValues(values, decode(data.subarray(start, start + length)));
  const fault = senseFault(payload);
  if (fault !== "") {
    throw damaged(fault);
  }
  requireOrder(payload, values);
  return payload;
}

function parseHeader(header: string): Map<string, string> {
  const pairs = header.split("\n").map(partition);
  const version = requireVersion(pairs[0] ?? ["", ""]);
  const names = pairs.map(([name]) => name).join("\n");
  if (
    names !==
    grammarOf(version)
      .map(([name]) => name)
      .join("\n")
  ) {
    throw damaged("a header line is missing, added or out of place");
  }
  const values = new Map(pairs);
  const fault = formFault(values);
  if (fault !== "") {
    throw damaged(fault);
  }
  return values;
}

function partition(line: string): [string, string] {
  const place = line.indexOf(": ");
  return place < 0 ? [line, ""] : [line.slice(0, place), line.slice(place + 2)];
}

/** The format that the first line names; throws a Problem for none, or a newer one. */
function requireVersion([name, version]: [string, string]): string {
  if (name !== VERSION_LINE || !GRAMMAR.get(VERSION_LINE)?.test(version)) {
    throw damaged("it does not start as a sealed section does");
  }
  if (Number(version) > VERSION) {
    throw new Problem(
      "newer-format",
      `This part was sealed in format ${version}, and this portal reads up to ${VERSION}.`,
      "The portal needs to be built again with the newest coachbook.",
    );
  }
  return version;
}

function formFault(values: ReadonlyMap<string, string>): string {
  for (const [name, form] of grammarOf(values.get(VERSION_LINE) ?? "")) {
    if (!form.test(values.get(name) ?? "")) {
      return `its line "${name}" does not have the form it should`;
    }
  }
  return "";
}

/** What a form can't tell: a name given twice, a day that does not exist; empty if all is well. */
function senseFault(payload: Payload): string {
  const lists: [string, string[]][] = [
    ["parties", payload.parties.map((party) => party.join("="))],
    ["rules", [...payload.rules]],
    ["readers", payload.readers.map(([id]) => id)],
  ];
  const twice = lists.find(([, items]) => new Set(items).size !== items.length);
  if (twice !== undefined) {
    return `its line "${twice[0]}" names one twice`;
  }
  const moments = [
    ["sealed-at", payload.sealedAt],
    [WRITTEN, payload.written?.at ?? payload.sealedAt],
  ];
  const wrong = moments.find(([, moment = ""]) => !isMoment(moment));
  if (wrong !== undefined) {
    return `its line "${wrong[0]}" names a day that does not exist`;
  }
  return payload.written !== undefined && payload.author === "" ? "its author is not named" : "";
}

function isMoment(text: string): boolean {
  const moment = new Date(text);
  const exists = !Number.isNaN(moment.getTime()) && !text.startsWith("0000");
  return exists && moment.toISOString() === text.replace("Z", ".000Z");
}

function requirePadding(data: Uint8Array, content: number): void {
  const padding = data.subarray(content);
  if (data.length !== paddedSize(content) || padding.some((byte) => byte !== NEWLINE)) {
    throw damaged("its length and its padding do not agree");
  }
}

function paddedSize(content: number): number | undefined {
  return SIZES.find((size) => size >= content);
}

function parseValues(values: ReadonlyMap<string, string>, text: string): Payload {
  const value = (name: string): string => values.get(name) ?? "";
  return {
    workspace: value("workspace"),
    record: value("record"),
    type: value("type"),
    section: value("section"),
    revision: Number(value("revision")),
    parties: parsePairs(value("parties"), "="),
    author: value("author"),
    ...parseWritten(values.get(WRITTEN)),
    sealedAt: value("sealed-at"),
    policy: value("policy"),
    rules: words(value("rules")),
    readers: parsePairs(value("readers"), ":"),
    data: parseData(value("data")),
    text,
  };
}

function parseWritten(value: string | undefined): { written?: Written } {
  const [at, key, signature] = value?.split(" ") ?? [];
  return at === undefined || key === undefined || signature === undefined
    ? {}
    : { written: { at, key, signature } };
}

function headerValues(payload: Payload, length: number): Map<string, string> {
  const { written } = payload;
  return new Map([
    [VERSION_LINE, String(written === undefined ? 1 : VERSION)],
    ["workspace", payload.workspace],
    ["record", payload.record],
    ["type", payload.type],
    ["section", payload.section],
    ["revision", String(payload.revision)],
    ["parties", sortedParties(payload.parties).join(" ")],
    ["author", payload.author],
    ...(written === undefined
      ? []
      : [[WRITTEN, `${written.at} ${written.key} ${written.signature}`] as [string, string]]),
    ["sealed-at", payload.sealedAt],
    ["policy", payload.policy],
    ["rules", [...payload.rules].sort().join(" ")],
    ["readers", payload.readers.map((reader) => reader.join(":")).join(" ")],
    ["data", formatObject(payload.data)],
    ["length", String(length)],
  ]);
}

/** By relation, then person, as Python sorts pairs: "a" comes before "a-b". */
export function sortedParties(parties: readonly Party[]): string[] {
  const key = (party: Party): string => party.join("\0");
  return [...parties].sort((a, b) => (key(a) < key(b) ? -1 : 1)).map((party) => party.join("="));
}

function requireOrder(payload: Payload, values: ReadonlyMap<string, string>): void {
  const written = headerValues(payload, Number(values.get("length")));
  if (
    written.get("parties") !== values.get("parties") ||
    written.get("rules") !== values.get("rules")
  ) {
    throw damaged("its parties or rules are not in order");
  }
}

function words(value: string): string[] {
  return value === "" ? [] : value.split(" ");
}

function parsePairs(value: string, joint: string): (readonly [string, string])[] {
  return words(value).map((word) => {
    const place = word.indexOf(joint);
    return [word.slice(0, place), word.slice(place + 1)] as const;
  });
}

function parseData(line: string): JsonObject {
  try {
    return parseObject(line);
  } catch {
    throw damaged('its line "data" is not a JSON object');
  }
}

function decode(data: Uint8Array): string {
  try {
    return toText(data);
  } catch {
    throw damaged("it is not UTF-8 text");
  }
}

function requireWhole(text: string): void {
  if (/\p{Surrogate}/u.test(text)) {
    throw new Problem(
      "cannot-seal",
      "This section holds half of a character pair, which is not text.",
    );
  }
}

function tooLong(): Problem {
  return new Problem(
    "cannot-seal",
    "This section is too long to be sealed.",
    "At most about a million characters fit; divide it into two records.",
  );
}
