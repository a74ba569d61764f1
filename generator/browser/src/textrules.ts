// The text of a section: typed lines, action steps, and what may have slipped. Twin of forms/text.py.

import wording from "../../coachbook/_text_rules.json";
import { parseDayMonth } from "./everydaydates.ts";
import type { JsonObject } from "./json.ts";
import { closest, normal } from "./spelling.ts";
import type { LineForm, SectionForm } from "./writingdesk.ts";

export interface TextFault {
  readonly code: string;
  /** Line and column count from 1, in characters, in the text as it is. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint: string;
}

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

type Rule = keyof typeof wording.rules;
type Values = Readonly<Record<string, string | number>>;

/** The rules that run before a section is sealed, as its payload names them. */
export const RULES: readonly string[] = [
  ...new Set(Object.values(wording.rules).map(({ code }) => code)),
].sort();

/** The rule for what the form requires: without it, nothing is sealed. */
export const REQUIRED_RULE = wording.rules["section-empty"].code;

const TASK = /^([ \t]*[-*+][ \t]*\[([ xX]?)\][ \t]*)(.*)$/su;
const BULLET = /^([-*+][ \t]+)()(.*)$/su;
const ANY_BULLET = /^[ \t]*(?:[-*+]|[0-9]+[.)])[ \t]/u;
const BY = /([ \t]*\([Bb]y[ \t]+)([^()]+)\)/gu;
const LINE = /^([ \t]*(?:[-*+][ \t]+)?[*_]*([^:*_]+?)[*_]*[ \t]*:[*_]*[ \t]*)(.*)$/su;
const WORD = /[^ \t\r\n\u00a0]+/gu;
const INK = /[^ \t\r\n\u00a0]/u;

/** The typed data of a section's text, and its faults in the order of the text. */
export function parseSection(text: string, form: SectionForm, day: string): ParsedText {
  const rows = text.split("\n");
  const faults: TextFault[] = [];
  if (form.required && !INK.test(text)) {
    faults.push(faultOf("section-empty", 1, 1, { name: form.name }));
  }
  faults.push(...lengthFaults(rows, form.words));
  const lines = readLines(rows, form, faults);
  const steps = form.steps ? readSteps(rows, day, faults) : [];
  return { data: { lines, steps }, faults: faults.sort(inOrder) };
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

function inOrder(one: TextFault, other: TextFault): number {
  return (
    one.line - other.line ||
    one.column - other.column ||
    (one.code < other.code ? -1 : Number(one.code > other.code))
  );
}

function faultOf(rule: Rule, line: number, column: number, values: Values = {}): TextFault {
  const { code, message, hint } = wording.rules[rule];
  return { code, line, column, message: fill(message, values), hint: fill(hint, values) };
}

function fill(template: string, values: Values): string {
  return template.replace(/\{(\w+)\}/gu, (_, name: string) => String(values[name] ?? ""));
}

/** How many characters, not code units, the text has. */
function lengthOf(text: string): number {
  return [...text].length;
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

function readLines(
  rows: readonly string[],
  form: SectionForm,
  faults: TextFault[],
): Record<string, string> {
  const forms = new Map(form.lines.map((line) => [normal(line.name), line]));
  const found = new Map<string, string>();
  const seen = new Set<string>();
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
    seen.add(line.name);
    const value = rest.replace(/^[ \t*_]+|[ \t*_]+$/gu, "");
    const column = lengthOf(head) + 1;
    if (value !== "") {
      takeValue(line, value, at + 1, column, found, faults);
    } else if (line.required) {
      faults.push(faultOf("line-empty", at + 1, column, { name: line.name }));
    }
  }
  if (rows.some((row) => INK.test(row))) {
    const missing = form.lines.filter((line) => line.required && !seen.has(line.name));
    faults.push(...missing.map(({ name }) => faultOf("line-empty", 1, 1, { name })));
  }
  return Object.fromEntries(found);
}

function takeValue(
  line: LineForm,
  value: string,
  row: number,
  column: number,
  found: Map<string, string>,
  faults: TextFault[],
): void {
  if (line.type !== "choice") {
    found.set(line.name, value);
    return;
  }
  const wanted = normal(value.replace(/\.+$/u, ""));
  // Two choices that differ in spacing only are one, and the later spelling stands, as in Python.
  const choice = [...line.choices].reverse().find((option) => normal(option) === wanted);
  if (choice !== undefined) {
    found.set(line.name, choice);
    return;
  }
  const suggestion = closest(value, line.choices);
  const fault =
    suggestion === ""
      ? faultOf("line-not-a-choice", row, column, {
          name: line.name,
          choices: line.choices.join(", "),
        })
      : faultOf("line-misspelt", row, column, { name: line.name, suggestion });
  faults.push(fault);
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
