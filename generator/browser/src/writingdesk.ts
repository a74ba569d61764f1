// What the Write page is given: places to write about, forms, and who will read each part.

import {
  asObject,
  asText,
  dayOf,
  flagOf,
  listOf,
  malformed,
  mapOf,
  numberOf,
  ofKind,
  readPair,
  textOf,
} from "./fields.ts";
import type { Json, JsonObject } from "./json.ts";
import type { HeaderValue } from "./newrecord.ts";
import type { Party } from "./payload.ts";
import type { Around } from "./prose.ts";
import type { Reader } from "./sealing.ts";
import { blocksOf, type Blocks } from "./shapes.ts";

/** Something that a record can be written about: a cycle, a pair, a group, a visit, a note. */
export interface WritePlace {
  readonly kind: string;
  readonly label: string;
  readonly school: string;
  readonly policy: string;
  /** Where the record will lie, with {year}, {day} and {id}. */
  readonly path: string;
  /** The fields of the header that lead there. */
  readonly links: ReadonlyMap<string, HeaderValue>;
  readonly parties: readonly Party[];
  /** The parts that may be written here, by form. */
  readonly forms: ReadonlyMap<string, readonly string[]>;
  readonly rows: Rows;
  /** Who reads a draft; undefined where there are none. */
  readonly draft: RowReaders | undefined;
  /** Whom a visit can be about. */
  readonly people: readonly Visited[];
  readonly lastSteps: readonly string[];
  readonly around: Around;
  /** The id of the cycle that this helps to close; empty for none. */
  readonly cycle: string;
  /** The record as it is, where it is there already; empty for a new one. */
  readonly source: string;
  /** Fields of the header that begin with a value, where the form has them. */
  readonly prefilled: ReadonlyMap<string, string>;
}

/** How far a cycle has come on its way to the close. */
export interface Closing {
  readonly cycle: string;
  readonly label: string;
  readonly steps: readonly ClosingStep[];
}

export interface ClosingStep {
  /** What the step is about: `session`, `goal`, `outcome`, `statement`, `need` or `next`. */
  readonly kind: string;
  readonly title: string;
  /** Who takes it, in words. */
  readonly who: string;
  /** `done`, `open` or `optional`. */
  readonly state: string;
}

/** Who will read a row of the policy's table: ids, and the same in words. */
export interface RowReaders {
  readonly info: readonly string[];
  readonly readers: readonly string[];
  readonly line: string;
}

export type Rows = ReadonlyMap<string, RowReaders>;

/** Somebody who can be visited; `rows` are there where a role of theirs changes who reads. */
export interface Visited {
  readonly id: string;
  readonly label: string;
  readonly short: string;
  readonly rows: Rows | undefined;
}

export type KnownReader = Reader & { readonly label: string };

export interface SectionReaders {
  readonly info: readonly string[];
  readonly readers: readonly KnownReader[];
  /** Who can read this, in words. */
  readonly line: string;
}

export interface FieldForm {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly many: boolean;
  readonly choices: readonly string[];
  readonly required: boolean;
  readonly default: string;
  readonly help: string;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** Whether it stands open because the policy asks for it, though the record may go without. */
  readonly inView: boolean;
}

export interface LineForm {
  readonly name: string;
  readonly type: string;
  readonly choices: readonly string[];
  readonly required: boolean;
  readonly help: string;
  /** What has to show a value, by value: a line or another section. */
  readonly shownBy: ReadonlyMap<string, string>;
  /** What a value asks for as help. */
  readonly helpedBy: ReadonlyMap<string, string>;
}

export interface SectionForm {
  readonly name: string;
  readonly row: string;
  /** Whose part it is, as its writer is told. */
  readonly author: string;
  readonly prompt: string;
  readonly required: boolean;
  readonly steps: boolean;
  readonly lines: readonly LineForm[];
  /** The most words, 0 for no limit. */
  readonly words: number;
  /** The most points of its list, 0 for no limit. */
  readonly items: number;
  /** What its text is searched for. */
  readonly lints: readonly string[];
  /** The same where the record is of a drop-in, on whatever form. */
  readonly dropInLints: readonly string[];
  /** The field of the header that the section waits for, and the values; "" for none. */
  readonly when: string;
  readonly values: readonly string[];
}

export interface RecordForm {
  readonly name: string;
  readonly version: number;
  readonly type: string;
  readonly title: string;
  readonly purpose: string;
  readonly prefix: string;
  /** The field that dates the record. */
  readonly on: string;
  /** Whether a note on it can be a draft. */
  readonly life: boolean;
  readonly fields: readonly FieldForm[];
  readonly sections: readonly SectionForm[];
}

export interface WriteDesk {
  readonly title: string;
  readonly workspace: string;
  readonly today: string;
  readonly newFileUrl: string;
  readonly author: string;
  readonly places: readonly WritePlace[];
  readonly closings: readonly Closing[];
  readonly readers: ReadonlyMap<string, KnownReader>;
  /** By school and form, such as `otterbeck/coaching-session@1`. */
  readonly forms: ReadonlyMap<string, RecordForm>;
  readonly blocks: Blocks;
}

/** The names of the shelves that stand beside a desk. */
export function shelvesOf(value: Json): readonly string[] {
  return listOf(ofKind(value, "write"), "shelves", asText);
}

/** The desk with its shelves; where it is a role's, `reader` is who writes. */
export function readWriteDesk(value: Json, shelves: readonly Json[], reader = ""): WriteDesk {
  const desk = ofKind(value, "write");
  const author = textOf(desk, "author") || reader;
  const held = new Map(shelves.map((one) => readShelf(one)).map((one) => [one.school, one]));
  const given: Given = { author, shelves: held, arounds: [] };
  const arounds = listOf(desk, "arounds", (one) => readKnown(one, given));
  const readers = mergeMaps([...held.values()], ({ readers }) => readers);
  return {
    title: textOf(desk, "title"),
    workspace: textOf(desk, "workspace"),
    today: dayOf(desk, "today"),
    newFileUrl: textOf(desk, "newFileUrl", ""),
    author,
    places: listOf(desk, "places", (place) => readPlace(asObject(place), { ...given, arounds })),
    closings: "closings" in desk ? listOf(desk, "closings", readClosing) : [],
    readers: new Map([...readers, ...mapOf(desk, "readers", readReader)]),
    forms: new Map([
      ...mergeMaps([...held.values()], ({ forms }) => forms),
      ...mapOf(desk, "forms", readForm),
    ]),
    blocks: blocksOf(desk),
  };
}

/** What many desks of a school have in common. */
interface Shelf {
  readonly school: string;
  readonly visits: JsonObject;
  readonly readers: ReadonlyMap<string, KnownReader>;
  readonly forms: ReadonlyMap<string, RecordForm>;
  readonly around: Around;
}

/** What a place is read with. */
interface Given {
  readonly author: string;
  readonly shelves: ReadonlyMap<string, Shelf>;
  readonly arounds: readonly Around[];
}

function readShelf(value: Json): Shelf {
  const shelf = ofKind(value, "shelf");
  return {
    school: textOf(shelf, "school"),
    visits: asObject(shelf["visits"]),
    readers: mapOf(shelf, "readers", readReader),
    forms: mapOf(shelf, "forms", readForm),
    around: readAround(shelf["around"]),
  };
}

function mergeMaps<Value>(
  shelves: readonly Shelf[],
  part: (shelf: Shelf) => ReadonlyMap<string, Value>,
): ReadonlyMap<string, Value> {
  return new Map(shelves.flatMap((shelf) => [...part(shelf)]));
}

/** The surroundings themselves, or those on the shelf of a school. */
function readKnown(value: Json, given: Given): Around {
  if (typeof value !== "string") {
    return readAround(value);
  }
  const around = given.shelves.get(value)?.around;
  if (around === undefined) {
    throw malformed();
  }
  return around;
}

function readAround(value: Json | undefined): Around {
  const around = asObject(value);
  return {
    people: listOf(around, "people", asText),
    places: listOf(around, "places", asText),
    route: textOf(around, "route"),
    grades: textsOf(around, "grades"),
  };
}

/** Stands for whoever writes, in what was worked out for a role. */
const WRITER = "{writer}";

function readPlace(place: JsonObject, given: Given): WritePlace {
  const { author } = given;
  const around = given.arounds[numberOf(place, "around")];
  if (around === undefined) {
    throw malformed();
  }
  return {
    kind: textOf(place, "kind"),
    label: textOf(place, "label"),
    school: textOf(place, "school"),
    policy: textOf(place, "policy"),
    path: textOf(place, "path"),
    links: new Map(
      [...mapOf(place, "links", readLink)].map(([key, value]) => [
        key,
        value === WRITER ? author : value,
      ]),
    ),
    parties: listOf(place, "parties", readPair),
    forms: inTurn(
      textsOf(place, "order"),
      mapOf(place, "forms", (names) => asTexts(names)),
    ),
    rows: mapOf(place, "rows", readRow),
    draft: place["draft"] === null ? undefined : readRow(asObject(place["draft"])),
    people: readPeople(place, given),
    lastSteps: listOf(place, "lastSteps", asText),
    around,
    cycle: textOf(place, "cycle", ""),
    source: textOf(place, "source", ""),
    prefilled: "prefilled" in place ? mapOf(place, "prefilled", asText) : new Map(),
  };
}

/** The forms in the order in which they suit the place; those without a turn come last. */
function inTurn<T>(order: readonly string[], forms: ReadonlyMap<string, T>): Map<string, T> {
  const names = [...order, ...forms.keys()];
  return new Map([...forms].sort(([one], [other]) => names.indexOf(one) - names.indexOf(other)));
}

function readClosing(value: Json): Closing {
  const closing = asObject(value);
  return {
    cycle: textOf(closing, "cycle"),
    label: textOf(closing, "label"),
    steps: listOf(closing, "steps", (one) => {
      const step = asObject(one);
      return {
        kind: textOf(step, "kind"),
        title: textOf(step, "title"),
        who: textOf(step, "who"),
        state: textOf(step, "state"),
      };
    }),
  };
}

function readLink(value: Json): HeaderValue {
  return Array.isArray(value) ? asTexts(value as Json) : asText(value);
}

/** Whom a visit can be about: they stand there, or on the shelf of the school for everyone. */
function readPeople(place: JsonObject, given: Given): readonly Visited[] {
  const key = place["people"];
  if (typeof key !== "string") {
    return listOf(place, "people", readVisited);
  }
  const shelf = given.shelves.get(textOf(place, "school"));
  if (shelf === undefined) {
    throw malformed();
  }
  const name = shelf.readers.get(given.author)?.label ?? "";
  return listOf(shelf.visits, key, readVisited)
    .filter(({ id }) => id !== given.author)
    .map((one) => ({ ...one, rows: one.rows && writtenBy(one.rows, given.author, name) }));
}

/** The rows with the writer in the place of the stand-in. */
function writtenBy(rows: Rows, author: string, name: string): Rows {
  return new Map(
    [...rows].map(([row, { info, readers, line }]) => [
      row,
      {
        info,
        readers: readers.map((id) => (id === WRITER ? author : id)),
        line: line.replaceAll(WRITER, () => name),
      },
    ]),
  );
}

function readVisited(value: Json): Visited {
  const person = asObject(value);
  return {
    id: textOf(person, "id"),
    label: textOf(person, "label"),
    short: textOf(person, "short"),
    rows: person["rows"] === null ? undefined : mapOf(person, "rows", readRow),
  };
}

function readRow(value: Json): RowReaders {
  const row = asObject(value);
  return {
    info: listOf(row, "info", asText),
    readers: listOf(row, "readers", asText),
    line: textOf(row, "line"),
  };
}

function readReader(value: Json): KnownReader {
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
    purpose: textOf(form, "purpose"),
    prefix: textOf(form, "prefix"),
    on: textOf(form, "on"),
    life: flagOf(form, "life"),
    fields: listOf(form, "fields", readFieldForm),
    sections: listOf(form, "sections", readSectionForm),
  };
}

function readFieldForm(value: Json): FieldForm {
  const field = asObject(value);
  return {
    name: textOf(field, "name"),
    label: textOf(field, "label", textOf(field, "name")),
    type: textOf(field, "type", "text"),
    many: flagOf(field, "many"),
    choices: textsOf(field, "choices"),
    required: flagOf(field, "required"),
    default: textOf(field, "default", ""),
    help: textOf(field, "help", ""),
    min: limitOf(field, "min"),
    max: limitOf(field, "max"),
    inView: flagOf(field, "inView"),
  };
}

export function readSectionForm(value: Json): SectionForm {
  const section = asObject(value);
  return {
    name: textOf(section, "name"),
    row: textOf(section, "row", ""),
    author: textOf(section, "author", ""),
    prompt: textOf(section, "prompt", ""),
    required: flagOf(section, "required"),
    steps: flagOf(section, "steps"),
    lines:
      "lines" in section ? listOf(section, "lines", (line) => readLineForm(asObject(line))) : [],
    words: limitOf(section, "words") ?? 0,
    items: limitOf(section, "items") ?? 0,
    lints: textsOf(section, "lints"),
    dropInLints: textsOf(section, "dropInLints" in section ? "dropInLints" : "lints"),
    when: textOf(section, "when", ""),
    values: textsOf(section, "values"),
  };
}

function readLineForm(line: JsonObject): LineForm {
  return {
    name: textOf(line, "name"),
    type: textOf(line, "type", "text"),
    choices: textsOf(line, "choices"),
    required: flagOf(line, "required"),
    help: textOf(line, "help", ""),
    shownBy: "shownBy" in line ? mapOf(line, "shownBy", asText) : new Map(),
    helpedBy: "helpedBy" in line ? mapOf(line, "helpedBy", asText) : new Map(),
  };
}

function asTexts(value: Json): string[] {
  if (!Array.isArray(value)) {
    throw malformed();
  }
  return value.map((item) => asText(item as Json));
}

function textsOf(owner: JsonObject, key: string): string[] {
  return key in owner ? listOf(owner, key, asText) : [];
}

function limitOf(owner: JsonObject, key: string): number | undefined {
  const value = owner[key];
  return typeof value === "number" ? value : undefined;
}
