// The text of a section: typed lines, action steps, and what may have slipped. Twin of forms/text.py.

import { parseDayMonth } from "./everydaydates.ts";
import { faultOf, inOrder, lengthOf, type Rule, type TextFault, type Values } from "./faults.ts";
import type { JsonObject } from "./json.ts";
import { closest, normal } from "./spelling.ts";
import type { LineForm, SectionForm } from "./writingdesk.ts";

export interface ActionStep {
  readonly text: string;
  /** ISO, empty without a date that can be read. */
  readonly due: string;
  readonly done: boolean;
}

export interface SectionData {
  readonly lines: Readonly<Record<string, string>>;
  readonly steps: readonly ActionStep[];
}

export interface ParsedText {
  readonly data: SectionData;
  readonly faults: readonly TextFault[];
}

const TASK = /^([ \t]*[-*+][ \t]*\[([ xX]?)\][ \t]*)(.*)$/su;
const BULLET = /^([-*+][ \t]+)()(.*)$/su;
const ANY_BULLET = /^[ \t]*(?:[-*+]|[0-9]+[.)])[ \t]/u;
const BY = /([ \t]*\([Bb]y[ \t]+)([^()]+)\)/gu;
const LINE = /^([ \t]*(?:[-*+][ \t]+)?[*_]*([^:*_]+?)[*_]*[ \t]*:[*_]*[ \t]*)(.*)$/su;
const POINT = /^(?:[-*+]|\d{1,9}[.)])[ \t]{1,20}[^ \t\r\n]/u;
const WHOLE = /^[0-9]{1,6}$/u;
const WORD = /[^ \t\r\n\u00a0]+/gu;
const INK = /[^ \t\r\n\u00a0]/u;

/** The typed data of a section's text, and its faults; `filled` names the other written sections. */
export function parseSection(
  text: string,
  form: SectionForm,
  day: string,
  filled: ReadonlySet<string> = new Set(),
): ParsedText {
  const rows = text.split("\n");
  const faults: TextFault[] = [];
  if (form.required && !INK.test(text)) {
    faults.push(faultOf("section-empty", 1, 1, { name: form.name }));
  }
  faults.push(...lengthFaults(rows, form.words), ...pointFaults(rows, form.items));
  const lines = readLines(rows, form, { day, filled, faults });
  const steps = form.steps ? readSteps(rows, day, faults) : [];
  return { data: { lines, steps }, faults: faults.sort(inOrder) };
}

/** How many words the text has, as the limit counts them. */
export function countWords(text: string): number {
  return text.match(WORD)?.length ?? 0;
}

/** The data as it stands in the payload of a sealed section. */
export function sectionJson(data: SectionData): JsonObject {
  const steps = data.steps.map(({ text, due, done }) => ({
    text,
    due: due === "" ? null : due,
    done,
  }));
  return { lines: data.lines, steps };
}

/** One fault at the first word beyond the limit; no limit is 0. */
function lengthFaults(rows: readonly string[], limit: number): TextFault[] {
  const places = rows.flatMap((row, at) =>
    [...row.matchAll(WORD)].map((word) => ({
      line: at + 1,
      column: lengthOf(row.slice(0, word.index)) + 1,
    })),
  );
  const beyond = places[limit];
  if (limit === 0 || beyond === undefined) {
    return [];
  }
  const count = places.length;
  return [
    faultOf("too-many-words", beyond.line, beyond.column, { count, limit, excess: count - limit }),
  ];
}

/** One fault at the first point of a list beyond the limit; indented points belong to others. */
function pointFaults(rows: readonly string[], limit: number): TextFault[] {
  const places = rows.flatMap((row, at) => (POINT.test(row) ? [at + 1] : []));
  const beyond = places[limit];
  return limit === 0 || beyond === undefined
    ? []
    : [faultOf("too-many-points", beyond, 1, { count: places.length, limit })];
}

/** What reading lines goes by, and where it puts what it finds. */
interface Reading {
  readonly day: string;
  readonly filled: ReadonlySet<string>;
  readonly faults: TextFault[];
}

type Place = readonly [row: number, column: number];

function readLines(
  rows: readonly string[],
  form: SectionForm,
  reading: Reading,
): Record<string, string> {
  const { day, faults } = reading;
  const forms = new Map(form.lines.map((line) => [normal(line.name), line]));
  const found = new Map<string, string>();
  const seen = new Map<string, Place>();
  for (const [at, row] of rows.entries()) {
    const [, head = "", name = "", rest = ""] = LINE.exec(row.replace(/\r+$/u, "")) ?? [];
    const line = forms.get(normal(name));
    if (line === undefined) {
      continue;
    }
    if (seen.has(line.name)) {
      faults.push(faultOf("line-twice", at + 1, 1, { name: line.name }));
      continue;
    }
    const value = rest.replace(/^[ \t*_]+|[ \t*_]+$/gu, "");
    const place: Place = [at + 1, lengthOf(head) + 1];
    seen.set(line.name, place);
    const taken = value === "" ? undefined : takeValue(line, value, day);
    if (typeof taken === "string") {
      found.set(line.name, taken);
      faults.push(...unlisted(line, taken, place));
    } else if (taken !== undefined) {
      faults.push(faultOf(taken.rule, ...place, { name: line.name, ...taken.values }));
    } else if (line.required) {
      faults.push(faultOf("line-empty", ...place, { name: line.name }));
    }
  }
  if (rows.some((row) => INK.test(row))) {
    const missing = form.lines.filter((line) => line.required && !seen.has(line.name));
    faults.push(...missing.map(({ name }) => faultOf("line-empty", 1, 1, { name })));
  }
  faults.push(...companyFaults(form, found, seen, reading.filled));
  return Object.fromEntries(found);
}

/** What the value of a line asks for beside it, where it is missing. */
function companyFaults(
  form: SectionForm,
  found: ReadonlyMap<string, string>,
  seen: ReadonlyMap<string, Place>,
  filled: ReadonlySet<string>,
): TextFault[] {
  return form.lines.flatMap((line) =>
    (["not-shown", "not-helped"] as const).flatMap((rule) => {
      const pairs = rule === "not-shown" ? line.shownBy : line.helpedBy;
      const wanted = pairs.get(found.get(line.name) ?? "");
      const place = seen.get(line.name);
      return wanted === undefined || place === undefined || found.has(wanted) || filled.has(wanted)
        ? []
        : [faultOf(rule, ...place, { name: line.name, wanted })];
    }),
  );
}

/** Why a value does not fit its line. */
interface Unfit {
  readonly rule: Rule;
  readonly values?: Values;
}

/** The value as the line's type writes it, or why it does not fit. */
function takeValue(line: LineForm, value: string, day: string): string | Unfit {
  switch (line.type) {
    case "choice":
      return takeChoice(line, value);
    case "integer":
      return WHOLE.test(value) ? value : { rule: "line-not-integer" };
    case "date":
      return parseDayMonth(value, day) ?? { rule: "line-not-date" };
    case "boolean": {
      const word = value.toLowerCase().replace(/\.+$/u, "");
      return ["yes", "no"].includes(word) ? word : { rule: "line-not-boolean" };
    }
    default:
      return value;
  }
}

/** That a word of one's own stands where the trust has a list; it is kept all the same. */
function unlisted(line: LineForm, value: string, place: Place): TextFault[] {
  const { name, type, choices } = line;
  if (type !== "text" || choices.length === 0 || choices.includes(value)) {
    return [];
  }
  const suggestion = closest(value, choices);
  return suggestion === ""
    ? [faultOf("line-not-listed", ...place, { name, choices: choices.join(", ") })]
    : [faultOf("line-near-listed", ...place, { name, suggestion })];
}

/** The words as English lists what one may choose: "met, changed or stopped". */
function listed(words: readonly string[]): string {
  const most = words.slice(0, -1).join(", ");
  return most === "" ? (words[0] ?? "") : `${most} or ${words.at(-1) ?? ""}`;
}

function takeChoice(line: LineForm, value: string): string | Unfit {
  const wanted = normal(value.replace(/\.+$/u, ""));
  // Two choices that differ in spacing only are one, and the later spelling stands, as in Python.
  const choice = [...line.choices].reverse().find((option) => normal(option) === wanted);
  if (choice !== undefined) {
    return choice;
  }
  const suggestion = closest(value, line.choices);
  return suggestion === ""
    ? { rule: "line-not-a-choice", values: { choices: listed(line.choices) } }
    : { rule: "line-misspelt", values: { suggestion } };
}

/** Tasks, and bullets at the start of a line, are steps; indented lines go on with one. */
function readSteps(rows: readonly string[], day: string, faults: TextFault[]): ActionStep[] {
  const steps: ActionStep[] = [];
  let at = 0;
  while (at < rows.length) {
    const row = rows[at] ?? "";
    const [, head, mark = "", body = ""] =
      TASK.exec(row.replace(/\r+$/u, "")) ?? BULLET.exec(row) ?? [];
    const first = at;
    at += 1;
    if (head === undefined) {
      continue;
    }
    while (at < rows.length && goesOn(rows[at] ?? "")) {
      at += 1;
    }
    const more = rows.slice(first + 1, at);
    const step = readStep(
      { line: first + 1, row, head, body, done: mark.toLowerCase() === "x" },
      more,
      day,
      faults,
    );
    steps.push(...step);
  }
  return steps;
}

interface StepHead {
  readonly line: number;
  readonly row: string;
  readonly head: string;
  readonly body: string;
  readonly done: boolean;
}

/** The step in these rows; none for a bullet that nobody has filled in yet. */
function readStep(
  start: StepHead,
  more: readonly string[],
  day: string,
  faults: TextFault[],
): ActionStep[] {
  const bodies = [start.body, ...more].map((body) => body.replace(/\r+$/u, ""));
  const due = bodies
    .flatMap((body, at) => datesIn(body, start.line + at, at === 0 ? start.head : ""))
    .at(-1);
  const parts = bodies.map((body) => body.replace(BY, "").replace(/^[ \t]+|[ \t]+$/gu, ""));
  const text = parts.filter((part) => part !== "").join(" ");
  if (text === "" && due === undefined) {
    return [];
  }
  const found = due === undefined ? undefined : parseDayMonth(due.words, day);
  if (due !== undefined && found === undefined) {
    faults.push(faultOf("step-date-unreadable", due.line, due.column));
  }
  if (due === undefined && !start.done) {
    const indent = /^[ \t]*/u.exec(start.row)?.[0] ?? "";
    faults.push(faultOf("step-without-date", start.line, indent.length + 1));
  }
  return [{ text, due: found ?? "", done: start.done }];
}

/** Each "(by …)" of a row, with the place of its words. */
function datesIn(
  body: string,
  line: number,
  head: string,
): { words: string; line: number; column: number }[] {
  return [...body.matchAll(BY)].map((match) => {
    const [, lead = "", words = ""] = match;
    return { words, line, column: lengthOf(head + body.slice(0, match.index) + lead) + 1 };
  });
}

function goesOn(row: string): boolean {
  return /^[ \t]/u.test(row) && INK.test(row) && !ANY_BULLET.test(row);
}
