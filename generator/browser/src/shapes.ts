// What fragments hold, read with care: a fragment is sealed to its reader but signed by nobody.

import { isDay } from "./dates.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import type { Party } from "./payload.ts";
import { Problem } from "./problems.ts";
import type { ReaderPair } from "./readers.ts";
import type { Block, Reader } from "./sealing.ts";

export interface Entry {
  /** The protected key, armored; empty if it is not published. */
  readonly identity: string;
  /** The name of the fragment that is the reader's index. */
  readonly index: string;
}

export interface PageLink {
  readonly kind: string;
  readonly title: string;
  readonly group: string;
  /** The fragment's name. */
  readonly name: string;
  /** The route, such as `cycle/c-0a1b2c3d`. */
  readonly path: string;
}

export interface RoleLink {
  readonly id: string;
  readonly label: string;
  readonly identity: string;
  readonly recipient: string;
  readonly index: string;
}

export interface Index {
  readonly reader: { readonly id: string; readonly label: string; readonly short: string };
  readonly pages: readonly PageLink[];
  readonly roles: readonly RoleLink[];
}

/** A sealed section on a page, with what the page may say of it beforehand. */
export interface PageBlock extends Block {
  /** The day of its record, empty if the page doesn't say. */
  readonly date: string;
  readonly label: string;
  /** The route where it is shown, empty if nowhere else. */
  readonly path: string;
}

export type Blocks = ReadonlyMap<string, PageBlock>;

export interface Page {
  readonly title: string;
  readonly html: string;
  readonly blocks: Blocks;
}

export interface WriteCycle {
  readonly id: string;
  readonly label: string;
  readonly school: string;
  readonly policy: string;
  /** Where records of the cycle lie, with {year} for the school year. */
  readonly folder: string;
  readonly parties: readonly Party[];
  readonly forms: readonly string[];
  readonly lastSteps: readonly string[];
  readonly sections: ReadonlyMap<string, ReadonlyMap<string, SectionReaders>>;
}

export interface SectionReaders {
  readonly info: readonly string[];
  readonly readers: readonly (Reader & { readonly label: string })[];
  /** Who can read this, in words. */
  readonly line: string;
}

export interface FieldForm {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly choices: readonly string[];
  readonly required: boolean;
  readonly default: string;
  readonly help: string;
}

export interface LineForm {
  readonly name: string;
  readonly type: string;
  readonly choices: readonly string[];
  readonly required: boolean;
}

export interface SectionForm {
  readonly name: string;
  readonly prompt: string;
  readonly required: boolean;
  readonly steps: boolean;
  readonly lines: readonly LineForm[];
  /** The most words, 0 for no limit. */
  readonly words: number;
}

export interface RecordForm {
  readonly name: string;
  readonly version: number;
  readonly type: string;
  readonly title: string;
  readonly prefix: string;
  readonly fields: readonly FieldForm[];
  readonly sections: readonly SectionForm[];
}

export interface WriteDesk {
  readonly title: string;
  readonly workspace: string;
  readonly today: string;
  readonly newFileUrl: string;
  readonly author: string;
  readonly cycles: readonly WriteCycle[];
  readonly forms: ReadonlyMap<string, RecordForm>;
  readonly blocks: Blocks;
}

const FRAGMENT_NAME = /^[0-9a-f]{32}$/u;
const VERSION = 1;

export function isFragmentName(text: string): boolean {
  return FRAGMENT_NAME.test(text);
}

export function readEntry(value: Json): Entry {
  const entry = asObject(value);
  return { identity: textOf(entry, "identity"), index: nameOf(entry, "index") };
}

export function readIndex(value: Json): Index {
  const index = ofKind(value, "index");
  const reader = asObject(index["reader"]);
  return {
    reader: { id: textOf(reader, "id"), label: textOf(reader, "label"), short: textOf(reader, "short") },
    pages: listOf(index, "pages", readPageLink),
    roles: listOf(index, "roles", readRoleLink),
  };
}

function readPageLink(value: Json): PageLink {
  const page = asObject(value);
  return {
    kind: textOf(page, "kind"),
    title: textOf(page, "title"),
    group: textOf(page, "group", ""),
    name: nameOf(page, "name"),
    path: textOf(page, "path"),
  };
}

function readRoleLink(value: Json): RoleLink {
  const role = asObject(value);
  return {
    id: textOf(role, "id"),
    label: textOf(role, "label"),
    identity: textOf(role, "identity"),
    recipient: textOf(role, "recipient"),
    index: nameOf(role, "index"),
  };
}

export function readPage(value: Json): Page {
  const page = ofKind(value, "page");
  return { title: textOf(page, "title"), html: textOf(page, "html"), blocks: blocksOf(page) };
}

export function readWriteDesk(value: Json): WriteDesk {
  const desk = ofKind(value, "write");
  return {
    title: textOf(desk, "title"),
    workspace: textOf(desk, "workspace"),
    today: dayOf(desk, "today"),
    newFileUrl: textOf(desk, "newFileUrl", ""),
    author: textOf(desk, "author"),
    cycles: listOf(desk, "cycles", readCycle),
    forms: mapOf(desk, "forms", readForm),
    blocks: blocksOf(desk),
  };
}

function readCycle(value: Json): WriteCycle {
  const cycle = asObject(value);
  return {
    id: textOf(cycle, "id"),
    label: textOf(cycle, "label"),
    school: textOf(cycle, "school"),
    policy: textOf(cycle, "policy"),
    folder: textOf(cycle, "folder"),
    parties: listOf(cycle, "parties", readPair),
    forms: listOf(cycle, "forms", asText),
    lastSteps: listOf(cycle, "lastSteps", asText),
    sections: mapOf(cycle, "sections", (form) => mapObject(asObject(form), readSectionReaders)),
  };
}

function readSectionReaders(value: Json): SectionReaders {
  const section = asObject(value);
  return {
    info: listOf(section, "info", asText),
    readers: listOf(section, "readers", readReader),
    line: textOf(section, "line"),
  };
}

function readReader(value: Json): Reader & { label: string } {
  const reader = asObject(value);
  return {
    id: textOf(reader, "id"),
    label: textOf(reader, "label"),
    fingerprint: textOf(reader, "fingerprint"),
    recipient: textOf(reader, "recipient"),
  };
}

function readForm(value: Json): RecordForm {
  const form = asObject(value);
  return {
    name: textOf(form, "name"),
    version: numberOf(form, "version"),
    type: textOf(form, "type"),
    title: textOf(form, "title"),
    prefix: textOf(form, "prefix"),
    fields: listOf(form, "fields", readFieldForm),
    sections: listOf(form, "sections", readSectionForm),
  };
}

function readFieldForm(value: Json): FieldForm {
  const field = asObject(value);
  return {
    ...readLineForm(field),
    label: textOf(field, "label", textOf(field, "name")),
    default: textOf(field, "default", ""),
    help: textOf(field, "help", ""),
  };
}

export function readSectionForm(value: Json): SectionForm {
  const section = asObject(value);
  return {
    name: textOf(section, "name"),
    prompt: textOf(section, "prompt", ""),
    required: flagOf(section, "required"),
    steps: flagOf(section, "steps"),
    lines: "lines" in section ? listOf(section, "lines", (line) => readLineForm(asObject(line))) : [],
    words: typeof section["words"] === "number" ? section["words"] : 0,
  };
}

function readLineForm(line: JsonObject): LineForm {
  return {
    name: textOf(line, "name"),
    type: textOf(line, "type", "text"),
    choices: "choices" in line ? listOf(line, "choices", asText) : [],
    required: flagOf(line, "required"),
  };
}

function blocksOf(owner: JsonObject): Blocks {
  return "blocks" in owner ? mapOf(owner, "blocks", readBlock) : new Map();
}

function readBlock(value: Json): PageBlock {
  const block = asObject(value);
  return {
    armor: textOf(block, "armor"),
    workspace: textOf(block, "workspace"),
    record: textOf(block, "record"),
    type: textOf(block, "type"),
    section: textOf(block, "section"),
    revision: numberOf(block, "revision"),
    parties: listOf(block, "parties", readPair),
    readers: listOf<ReaderPair>(block, "readers", readPair),
    date: textOf(block, "date", ""),
    label: textOf(block, "label", ""),
    path: textOf(block, "path", ""),
  };
}

function readPair(value: Json): readonly [string, string] {
  const [left, right, ...more] = Array.isArray(value) ? (value as readonly Json[]) : [];
  if (typeof left !== "string" || typeof right !== "string" || more.length > 0) {
    throw malformed();
  }
  return [left, right];
}

function ofKind(value: Json, kind: string): JsonObject {
  const fragment = asObject(value);
  if (numberOf(fragment, "v") > VERSION) {
    throw new Problem(
      "newer-format",
      "This page was built by a newer coachbook than the portal's script.",
      "Reload the page; if that doesn't help, tell whoever looks after the portal.",
    );
  }
  if (fragment["kind"] !== kind) {
    throw malformed();
  }
  return fragment;
}

function asObject(value: Json | undefined): JsonObject {
  if (!isObject(value)) {
    throw malformed();
  }
  return value;
}

function asText(value: Json): string {
  if (typeof value !== "string") {
    throw malformed();
  }
  return value;
}

function textOf(owner: JsonObject, key: string, fallback?: string): string {
  const value = owner[key] ?? fallback ?? null;
  return asText(value);
}

function nameOf(owner: JsonObject, key: string): string {
  const name = textOf(owner, key);
  if (!isFragmentName(name)) {
    throw malformed();
  }
  return name;
}

function dayOf(owner: JsonObject, key: string): string {
  const day = textOf(owner, key);
  if (!isDay(day)) {
    throw malformed();
  }
  return day;
}

function numberOf(owner: JsonObject, key: string): number {
  const value = owner[key];
  if (typeof value !== "number") {
    throw malformed();
  }
  return value;
}

function flagOf(owner: JsonObject, key: string): boolean {
  return owner[key] === true;
}

function listOf<T>(owner: JsonObject, key: string, read: (value: Json) => T): T[] {
  const value = owner[key];
  if (!Array.isArray(value)) {
    throw malformed();
  }
  return value.map((item) => read(item as Json));
}

function mapOf<T>(owner: JsonObject, key: string, read: (value: Json) => T): Map<string, T> {
  return mapObject(asObject(owner[key]), read);
}

function mapObject<T>(value: JsonObject, read: (value: Json) => T): Map<string, T> {
  return new Map(Object.entries(value).map(([key, item]) => [key, read(item)]));
}

function malformed(): Problem {
  return new Problem(
    "damaged",
    "This page is not built as the portal expects.",
    "Reload the page; if that doesn't help, tell whoever looks after the portal.",
  );
}
