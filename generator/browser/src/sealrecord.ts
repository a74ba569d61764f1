// Makes a whole record of what was written: each section sealed for its readers.

import type { JsonObject } from "./json.ts";
import { formatRecord, newId, recordPath, type HeaderValue, type Random } from "./newrecord.ts";
import { sealBlock } from "./sealing.ts";
import { RULES, sectionJson, type SectionData } from "./textrules.ts";
import type { RecordForm, SectionReaders, WriteCycle, WriteDesk } from "./writingdesk.ts";

export interface WrittenSection {
  readonly name: string;
  readonly text: string;
  readonly data: SectionData;
  readonly readers: SectionReaders;
}

export interface Writing {
  readonly desk: WriteDesk;
  readonly cycle: WriteCycle;
  readonly form: RecordForm;
  /** The form as records name it, such as `coaching-session@1`. */
  readonly formName: string;
  readonly day: string;
  readonly fields: ReadonlyMap<string, HeaderValue>;
  readonly sections: readonly WrittenSection[];
  readonly now: Date;
  readonly random: Random;
}

export interface SealedRecord {
  readonly path: string;
  readonly text: string;
}

export async function sealRecord(writing: Writing): Promise<SealedRecord> {
  const { cycle, form, day } = writing;
  const id = newId(form.prefix, writing.random);
  const header = new Map<string, HeaderValue>([
    ["type", form.type],
    ["id", id],
    ["school", cycle.school],
    ["form", writing.formName],
    ["cycle", cycle.id],
    ["date", day],
    ["policy", cycle.policy],
    ...writing.fields,
  ]);
  const sections = [];
  for (const { name, text, data, readers } of writing.sections) {
    const armor = await sealBlock(
      payloadOf(writing, id, name, text, sectionJson(data)),
      readers.readers,
    );
    sections.push({ name, info: readers.info, revision: 1, armor });
  }
  return { path: recordPath(cycle.folder, day, id), text: formatRecord(header, sections) };
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
    parties: writing.cycle.parties,
    author: writing.desk.author,
    sealedAt: writing.now.toISOString().replace(/\.\d+Z$/u, "Z"),
    policy: writing.cycle.policy,
    rules: RULES,
    data,
    text,
  };
}
