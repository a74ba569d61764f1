// All that is about the reader, as one text for people and one file for programs.

import { asObject, asText, flagOf, listOf, textOf } from "./fields.ts";
import { formatDate } from "./dates.ts";
import type { Json, JsonObject } from "./json.ts";

export interface KeptSection {
  readonly name: string;
  /** Who can read it, in words. */
  readonly line: string;
  readonly mine: boolean;
  /** The page whose fragment holds the block; empty if it comes with the take-away itself. */
  readonly page: string;
  readonly block: string;
}

export interface KeptRecord {
  readonly id: string;
  readonly type: string;
  readonly title: string;
  readonly school: string;
  /** ISO, empty without a day. */
  readonly date: string;
  readonly path: string;
  readonly people: readonly { readonly relation: string; readonly names: string }[];
  readonly facts: readonly { readonly name: string; readonly value: Json; readonly text: string }[];
  readonly sections: readonly KeptSection[];
}

export interface TakeAway {
  readonly person: string;
  readonly day: string;
  readonly records: readonly KeptRecord[];
}

/** What was opened, by record and section. */
export interface OpenedSection {
  readonly text: string;
  readonly data: JsonObject;
  /** Who wrote it, in a sentence. */
  readonly byline: string;
}
export type OpenedSections = ReadonlyMap<string, OpenedSection>;

export function placeOf(record: string, section: string): string {
  return `${record} ${section}`;
}

export function readTakeAway(value: Json): TakeAway {
  const whole = asObject(value);
  return {
    person: textOf(whole, "person"),
    day: textOf(whole, "day"),
    records: listOf(whole, "records", (record) => readRecord(asObject(record))),
  };
}

function readRecord(record: JsonObject): KeptRecord {
  return {
    id: textOf(record, "id"),
    type: textOf(record, "type"),
    title: textOf(record, "title"),
    school: textOf(record, "school"),
    date: textOf(record, "date"),
    path: textOf(record, "path"),
    people: listOf(record, "people", (one) => {
      const people = asObject(one);
      return { relation: textOf(people, "relation"), names: textOf(people, "names") };
    }),
    facts: listOf(record, "facts", (one) => {
      const fact = asObject(one);
      return {
        name: textOf(fact, "name"),
        value: fact["value"] ?? null,
        text: textOf(fact, "text"),
      };
    }),
    sections: listOf(record, "sections", readSection),
  };
}

function readSection(value: Json): KeptSection {
  const section = asObject(value);
  return {
    name: textOf(section, "name"),
    line: textOf(section, "line"),
    mine: flagOf(section, "mine"),
    page: asText(section["page"] ?? ""),
    block: asText(section["block"] ?? ""),
  };
}

/** The text for people: one heading for each record, one below it for each part. */
export function formatText(whole: TakeAway, opened: OpenedSections): string {
  const lead = [
    `# What is recorded about ${whole.person}`,
    `Made on ${formatDate(whole.day)} from ${countOf(whole.records.length, "record")}, with the reader's own key. ` +
      "It is as confidential as the records themselves: others are named in it, and what they wrote is theirs as well.",
  ];
  return `${[...lead, ...whole.records.map((record) => formatRecord(record, opened))].join("\n\n")}\n`;
}

function formatRecord(record: KeptRecord, opened: OpenedSections): string {
  const when = record.date === "" ? "" : `, ${formatDate(record.date)}`;
  const people = record.people.map(({ relation, names }) => `- ${wordOf(relation)}: ${names}`);
  const facts = record.facts.map(({ name, text }) => `- ${wordOf(name)}: ${text}`);
  const school = record.school === "" ? [] : [`- School: ${record.school}`];
  const list = [...school, ...people, ...facts, `- Record: ${record.path}`].join("\n");
  const parts = record.sections.map((section) => formatSection(record, section, opened));
  return [`## ${record.title}${when}`, list, ...parts].join("\n\n");
}

function formatSection(record: KeptRecord, section: KeptSection, opened: OpenedSections): string {
  const found = opened.get(placeOf(record.id, section.name));
  const text = found?.text.trim() ?? `(${whyNot(section)})`;
  const lines = [found?.byline ?? "", section.line].filter((line) => line !== "");
  return `### ${section.name}\n\n${text}\n\n*${lines.join(" ")}*`;
}

function whyNot(section: KeptSection): string {
  return section.mine ? "It did not open when this was made." : "Sealed for others.";
}

/** The file for programs: the same records, with the typed data of each part. */
export function formatData(whole: TakeAway, opened: OpenedSections): string {
  const records = whole.records.map((record) => ({
    id: record.id,
    type: record.type,
    title: record.title,
    school: record.school,
    date: record.date === "" ? null : record.date,
    path: record.path,
    people: Object.fromEntries(record.people.map(({ relation, names }) => [relation, names])),
    facts: Object.fromEntries(record.facts.map(({ name, value }) => [name, value])),
    sections: record.sections.map((section) => sectionData(record, section, opened)),
  }));
  const file = { format: FORMAT, person: whole.person, made_on: whole.day, records };
  return `${JSON.stringify(file, null, 2)}\n`;
}

const FORMAT = "coachbook-take-away-1";

function sectionData(record: KeptRecord, section: KeptSection, opened: OpenedSections): JsonObject {
  const found = opened.get(placeOf(record.id, section.name));
  return {
    name: section.name,
    readers: section.line,
    opened: found !== undefined,
    author: found?.byline ?? null,
    text: found?.text ?? null,
    data: found?.data ?? null,
  };
}

/** What the file holds and lacks, for whoever has just made it. */
export function describeFile(whole: TakeAway, opened: OpenedSections): string {
  const sections = whole.records.flatMap(({ sections: all }) => all);
  const mine = sections.filter((section) => section.mine).length;
  const others = sections.length - mine;
  const failed = mine - opened.size;
  return [
    `It holds ${countOf(whole.records.length, "record")} and ${countOf(opened.size, "section")} of them in full.`,
    failed > 0
      ? `${countOf(failed, "section")} did not open: unlock again and make it once more.`
      : "",
    others > 0
      ? `${countOf(others, "section")} ${others === 1 ? "is" : "are"} sealed for others.`
      : "",
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function wordOf(name: string): string {
  const words = name.replace(/[_-]/gu, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
