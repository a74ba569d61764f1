// What is being written about once all is chosen: header fields, people, and who reads each part.

import type { HeaderValue } from "./newrecord.ts";
import type { Party } from "./payload.ts";
import type {
  RecordForm,
  RowReaders,
  Rows,
  SectionForm,
  SectionReaders,
  Visited,
  WriteDesk,
  WritePlace,
} from "./writingdesk.ts";

/** Stands for whoever is visited, in what was worked out beforehand. */
const STAND_IN = "{observed}";

export interface Target {
  readonly place: WritePlace;
  readonly links: ReadonlyMap<string, HeaderValue>;
  readonly parties: readonly Party[];
  readonly rows: Rows;
  readonly draft: RowReaders | undefined;
}

/** The place with the visited person in it; a place without visits stays as it is. */
export function targetOf(place: WritePlace, visited: Visited | undefined): Target {
  const { links, parties, rows, draft } = place;
  if (visited === undefined) {
    return { place, links, parties, rows, draft };
  }
  const id = (text: string): string => (text === STAND_IN ? visited.id : text);
  return {
    place,
    links: new Map([...links].map(([key, value]) => [key, isText(value) ? id(value) : value])),
    parties: parties.map(([relation, person]) => [relation, id(person)] as const),
    rows:
      visited.rows ??
      new Map([...rows].map(([name, row]) => [name, withPerson(row, visited)] as const)),
    draft,
  };
}

function isText(value: HeaderValue): value is string {
  return typeof value === "string";
}

function withPerson(row: RowReaders, visited: Visited): RowReaders {
  return {
    info: row.info,
    readers: row.readers.map((id) => (id === STAND_IN ? visited.id : id)),
    line: row.line.replace(STAND_IN, () => visited.short),
  };
}

/** Who will read a section; undefined where the policy lets nobody. */
export function readersOf(
  desk: WriteDesk,
  target: Target,
  section: SectionForm,
  asDraft: boolean,
): SectionReaders | undefined {
  const row = target.rows.get(section.row);
  const chosen = asDraft ? target.draft : row;
  if (row === undefined || chosen === undefined) {
    return undefined;
  }
  const readers = chosen.readers.flatMap((id) => desk.readers.get(id) ?? []);
  const complete = readers.length === chosen.readers.length && readers.length > 0;
  return complete ? { info: chosen.info, readers, line: chosen.line } : undefined;
}

/** The sections that this record has and its writer may write. */
export function sectionsOf(
  target: Target,
  form: RecordForm,
  formName: string,
  values: ReadonlyMap<string, HeaderValue>,
): readonly SectionForm[] {
  const mine = target.place.forms.get(formName) ?? [];
  return form.sections.filter(
    ({ name, when, values: wanted }) =>
      mine.includes(name) && (when === "" || isAmong(values.get(when), wanted)),
  );
}

/** The parts that the record has by now and that somebody else writes. */
export function othersOf(
  target: Target,
  form: RecordForm,
  formName: string,
  values: ReadonlyMap<string, HeaderValue>,
): readonly string[] {
  const mine = target.place.forms.get(formName) ?? [];
  return form.sections
    .filter(({ name, when, values: wanted }) => !mine.includes(name) && isThere(when, wanted))
    .map(({ name }) => name);

  function isThere(when: string, wanted: readonly string[]): boolean {
    return when === "" || isAmong(values.get(when), wanted);
  }
}

function isAmong(value: HeaderValue | undefined, wanted: readonly string[]): boolean {
  const found = Array.isArray(value) ? (value as readonly string[]) : [value];
  return found.some((one) => typeof one === "string" && wanted.includes(one));
}
