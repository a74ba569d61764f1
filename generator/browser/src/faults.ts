// What is wrong in a section's text, by place; nothing here quotes it. Twin of forms/faults.py.

import wording from "../../coachbook/_text_rules.json";

export interface TextFault {
  readonly code: string;
  /** Line and column count from 1, in characters, in the text as it is. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint: string;
}

export type Rule = keyof typeof wording.rules;
export type Values = Readonly<Record<string, string | number>>;

/** The rules that run before a section is sealed, as its payload names them. */
export const RULES: readonly string[] = [
  ...new Set(Object.values(wording.rules).map(({ code }) => code)),
].sort();

/** What must not be sealed: what the form requires is missing, or safeguarding stands in it. */
export const REFUSED: readonly string[] = [
  wording.rules["section-empty"].code,
  wording.rules["safeguarding"].code,
];

export function faultOf(rule: Rule, line: number, column: number, values: Values = {}): TextFault {
  const { code, message, hint } = wording.rules[rule];
  return { code, line, column, message: fill(message, values), hint: fill(hint, values) };
}

/** The order in which faults are told. */
export function inOrder(one: TextFault, other: TextFault): number {
  return (
    one.line - other.line ||
    one.column - other.column ||
    (one.code < other.code ? -1 : Number(one.code > other.code))
  );
}

/** How many characters, not code units, the text has. */
export function lengthOf(text: string): number {
  return [...text].length;
}

function fill(template: string, values: Values): string {
  return template.replace(/\{(\w+)\}/gu, (_, name: string) => String(values[name] ?? ""));
}
