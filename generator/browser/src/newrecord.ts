// A new record as text: id, place, header and sealed sections, as Python writes them.

import { schoolYear } from "./dates.ts";
import { formatSignature, type SignatureLines } from "./signatures.ts";

const ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";
const ID_LENGTH = 8;
/** The bytes below it fall evenly on the alphabet; those above are thrown away. */
const EVEN = 256 - (256 % ALPHABET.length);

export type Random = (length: number) => Uint8Array;
export type HeaderValue = string | number | boolean | readonly string[];

/** Text that YAML and our own reader take as plain text: no sign, number, date or word of YAML. */
const PLAIN = /^[A-Za-z][A-Za-z0-9 ._@/-]*$/u;
const RESERVED = /^(?:true|false|yes|no|on|off|null|y|n)$/iu;

export interface SealedSection {
  readonly name: string;
  /** Who reads it, for people: the names of the block's info string. */
  readonly info: readonly string[];
  readonly revision: number;
  readonly armor: string;
  readonly signature?: SignatureLines;
}

/** A fresh id such as `s-7kq2m4xa`. */
export function newId(prefix: string, random: Random): string {
  let name = "";
  while (name.length < ID_LENGTH) {
    for (const byte of random(2 * ID_LENGTH)) {
      name += byte < EVEN ? (ALPHABET[byte % ALPHABET.length] ?? "") : "";
    }
  }
  return `${prefix}-${name.slice(0, ID_LENGTH)}`;
}

/** Where the record lies, in the school year of its day. */
export function recordPath(path: string, day: string, id: string): string {
  const parts: Readonly<Record<string, string>> = { year: schoolYear(day), day, id };
  return path.replace(/\{(year|day|id)\}/gu, (_, name: string) => parts[name] ?? "");
}

export function formatRecord(
  header: ReadonlyMap<string, HeaderValue>,
  sections: readonly SealedSection[],
): string {
  const lines = [...header].map(([key, value]) => `${key}: ${formatValue(value)}\n`);
  return `---\n${lines.join("")}---\n${sections.map(formatSection).join("")}`;
}

/** A value that is read back as the same: a day as a day, text as text. */
function formatValue(value: HeaderValue): string {
  if (typeof value !== "string") {
    return typeof value === "object" ? `[${value.map(formatText).join(", ")}]` : String(value);
  }
  return formatText(value);
}

function formatText(value: string): string {
  const day = /^\d{4}-\d{2}-\d{2}$/u.test(value);
  const plain = PLAIN.test(value) && !RESERVED.test(value) && !value.endsWith(" ");
  return day || plain ? value : JSON.stringify(value);
}

function formatSection(section: SealedSection): string {
  return `\n## ${section.name}\n\n${formatFence(section)}\n`;
}

/** The sealed block as it stands in a record, with its signature under it. */
export function formatFence({ info, revision, armor, signature }: SealedSection): string {
  const whole = armor.endsWith("\n") ? armor : `${armor}\n`;
  const block = `\`\`\`age ${info.join(", ")}\nrevision: ${revision}\n${whole}\`\`\``;
  return signature === undefined ? block : `${block}\n\n${formatSignature(signature)}`;
}

export interface NewFileLink {
  readonly href: string;
  /** Whether the text is in it; if not, it has to be pasted there. */
  readonly whole: boolean;
}

/** The git host's page for a new file, filled in as far as an address can be long. */
export function newFileLink(template: string, path: string, text: string): NewFileLink {
  const filled = (content: string): string =>
    template
      .replaceAll("{path}", encodeURIComponent(path))
      .replaceAll("{text}", encodeURIComponent(content));
  const whole = template.includes("{text}") && filled(text).length <= LONGEST_URL;
  return { href: filled(whole ? text : ""), whole };
}

const LONGEST_URL = 8000;
