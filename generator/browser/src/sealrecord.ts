// Makes a whole record of what was written: each section sealed for its readers.

import { RULES } from "./faults.ts";
import type { JsonObject } from "./json.ts";
import type { Key } from "./keys.ts";
import { closeSource } from "./closesource.ts";
import {
  formatRecord,
  newId,
  recordPath,
  type HeaderValue,
  type Random,
  type SealedSection,
} from "./newrecord.ts";
import { sealBlock, signWriting } from "./sealing.ts";
import { signSeal } from "./signatures.ts";
import type { Target } from "./target.ts";
import { sectionJson, type SectionData } from "./textrules.ts";
import type { RecordForm, SectionReaders, WriteDesk } from "./writingdesk.ts";

export interface WrittenSection {
  readonly name: string;
  readonly text: string;
  readonly data: SectionData;
  readonly readers: SectionReaders;
}

export interface Writing {
  readonly desk: WriteDesk;
  readonly target: Target;
  readonly form: RecordForm;
  /** The form as records name it, such as `coaching-session@1`. */
  readonly formName: string;
  readonly day: string;
  /** Whether it is a draft, which its author alone can read. */
  readonly isDraft: boolean;
  readonly fields: ReadonlyMap<string, HeaderValue>;
  readonly sections: readonly WrittenSection[];
  /** The author's own key, which signs what they have written. */
  readonly key: Key;
  readonly now: Date;
  readonly random: Random;
}

export interface SealedRecord {
  readonly path: string;
  readonly text: string;
}

export async function sealRecord(writing: Writing): Promise<SealedRecord> {
  const { desk, target, form, day } = writing;
  const { place } = target;
  if (place.source !== "") {
    return closedCycle(writing, await sealSections(writing, place.cycle));
  }
  const id = newId(form.prefix, writing.random);
  const header = new Map<string, HeaderValue>([
    ["type", form.type],
    ["id", id],
    ["school", place.school],
    ["form", writing.formName],
    ...target.links,
    [form.on, day],
    ...writing.fields,
    ...(writing.isDraft ? draftOf(desk.author) : []),
    ...(form.life ? [["policy", place.policy] as const] : []),
  ]);
  const sections = await sealSections(writing, id);
  return { path: recordPath(place.path, day, id), text: formatRecord(header, sections) };
}

async function sealSections(writing: Writing, id: string): Promise<SealedSection[]> {
  const sections: SealedSection[] = [];
  for (const { name, text, data, readers } of writing.sections) {
    const payload = payloadOf(writing, id, name, text, sectionJson(data));
    const armor = await sealBlock(signWriting(payload, writing.key), readers.readers);
    const { author, sealedAt } = payload;
    const signature = signSeal({ ...payload, armor }, author, writing.key, sealedAt.slice(0, 10));
    sections.push({ name, info: readers.info, revision: 1, armor, signature });
  }
  return sections;
}

/** The cycle's record as it was, with the sealed outcome in its place and the chosen status. */
function closedCycle(writing: Writing, sections: readonly SealedSection[]): SealedRecord {
  const { place } = writing.target;
  return {
    path: place.path,
    text: closeSource(
      place.source,
      String(writing.fields.get("status") ?? ""),
      writing.day,
      sections,
    ),
  };
}

function draftOf(author: string): [string, HeaderValue][] {
  return [
    ["note", "draft"],
    ["drafted_by", author],
  ];
}

function payloadOf(
  writing: Writing,
  record: string,
  section: string,
  text: string,
  data: JsonObject,
) {
  return {
    workspace: writing.desk.workspace,
    record,
    type: writing.form.type,
    section,
    revision: 1,
    parties: writing.target.parties,
    author: writing.desk.author,
    sealedAt: writing.now.toISOString().replace(/\.\d+Z$/u, "Z"),
    policy: writing.target.place.policy,
    rules: RULES,
    data,
    text,
  };
}
