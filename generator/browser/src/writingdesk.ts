// What the Write page is given: cycles, forms, and who will read each section.

import {
  asObject,
  asText,
  dayOf,
  flagOf,
  listOf,
  mapObject,
  mapOf,
  numberOf,
  ofKind,
  readPair,
  textOf,
} from "./fields.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Party } from "./payload.ts";
import type { Reader } from "./sealing.ts";
import { blocksOf, type Blocks } from "./shapes.ts";

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
    lines:
      "lines" in section ? listOf(section, "lines", (line) => readLineForm(asObject(line))) : [],
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
