// Figures that stand for people: shares, counts and ratings, shown only where enough stand behind them.

import type { Count, Datum, Step } from "./reduce.ts";

/** What a page says of a figure besides its sections. */
export interface Terms {
  /** The fewest people that a number may stand for; 0 where the reader may see each of them. */
  readonly least: number;
  /** The lines that are rated; empty for every line. */
  readonly lines: readonly string[];
  /** Choices that are no rating, such as "n/a". */
  readonly aside: readonly string[];
}

export const NO_TERMS: Terms = { least: 0, lines: [], aside: [] };

export const SUPPRESSED = "[c]";
export const ALL_OTHERS = "All others";

export interface Share {
  readonly part: number;
  readonly whole: number;
  readonly hidden: boolean;
}

/** One question of a survey; `answered` is null where too few did. */
export interface Result {
  readonly question: string;
  readonly answered: number | null;
  readonly result: string;
  readonly from: Datum;
}

/** What was last seen of one rated line, and how often it was looked at. */
export interface Seen {
  readonly line: string;
  readonly value: string;
  readonly times: number;
  readonly from: Datum;
}

interface Group {
  readonly name: string;
  readonly count: number;
  readonly people: ReadonlySet<string>;
}

/** The distinct people that some sections are about, as far as the page says. */
export function peopleBehind(data: readonly Datum[]): ReadonlySet<string> {
  return new Set(data.flatMap((datum) => datum.who ?? []));
}

/**
 * Steps done in a note written by their day, of all whose day is over.
 *
 * The steps come in the order of their notes, and a step carried forward is one step: its last day
 * holds, and the note in which it was first ticked.
 */
export function stepsOnTime(
  steps: readonly Step[],
  sameStep: (text: string) => string,
  today: string,
  least: number,
): Share {
  const last = new Map<string, { due: string; done: string; people: readonly string[] }>();
  for (const step of steps) {
    // Two people may have agreed the same words: a step is that of its people.
    const people = step.from.who ?? [];
    const name = `${people.join("+")} ${sameStep(step.text)}`;
    const before = last.get(name);
    const done = before?.done || (step.done ? step.from.date : "");
    last.set(name, { due: step.due || (before?.due ?? ""), done, people });
  }
  const over = [...last.values()].filter(({ due }) => due !== "" && due < today);
  const part = over.filter(({ due, done }) => done !== "" && done <= due).length;
  const people = new Set(over.flatMap((step) => step.people));
  return { part, whole: over.length, hidden: over.length > 0 && people.size < least };
}

/** How often each value occurs among those given, without the numbers of too few people. */
export function countPeople(
  values: readonly { readonly value: string; readonly from: Datum }[],
  least: number,
): Count[] {
  const sections = new Map<string, Datum[]>();
  for (const { value, from } of values) {
    sections.set(value, [...(sections.get(value) ?? []), from]);
  }
  const groups = [...sections].map(([name, data]) => ({
    name,
    count: data.length,
    people: peopleBehind(data),
  }));
  return guard(groups.sort(byCount), least);
}

/** The ratings of lines, without choices that are none. */
export function ratings(
  data: readonly Datum[],
  linesOf: (datum: Datum) => ReadonlyMap<string, string>,
  terms: Terms,
): { value: string; from: Datum; line: string }[] {
  return data.flatMap((from) =>
    [...linesOf(from)]
      .filter(([line]) => terms.lines.length === 0 || terms.lines.includes(line))
      .filter(([, value]) => !terms.aside.includes(value))
      .map(([line, value]) => ({ line, value, from })),
  );
}

/** What was last seen of each rated line, in the order of the lines. */
export function lastSeen(
  rated: readonly { readonly line: string; readonly value: string; readonly from: Datum }[],
  order: readonly string[],
): Seen[] {
  const found = new Map<string, Seen>();
  for (const { line, value, from } of rated) {
    found.set(line, { line, value, from, times: (found.get(line)?.times ?? 0) + 1 });
  }
  const names = order.length === 0 ? [...found.keys()] : order;
  return names.flatMap((name) => found.get(name) ?? []);
}

const QUESTION = /^\s*(?:[-*]\s+)?(.+?)\s+[-–]\s+(\d+)\s+answered,\s*(.+?)\s*$/u;

/** The questions of surveys, one a line: "I am given useful feedback - 24 answered, 3.8 of 5". */
export function surveyResults(data: readonly Datum[], least: number): Result[] {
  return data.flatMap((from) =>
    (from.text ?? "").split("\n").flatMap((line) => resultOf(line, from, least) ?? []),
  );
}

function resultOf(line: string, from: Datum, least: number): Result | null {
  const [, question, number, result] = QUESTION.exec(line) ?? [];
  if (question === undefined || number === undefined || result === undefined) {
    return null;
  }
  const few = Number(number) < least;
  return few
    ? { question, answered: null, result: SUPPRESSED, from }
    : { question, answered: Number(number), result, from };
}

/**
 * The groups that may be shown; the others are one group, shown if enough people stand behind it.
 *
 * Whoever knows the total can take the shown groups from it, so what is left has to be safe too:
 * while it is not, the next smallest group joins it. The same is done in `suppression.py`.
 */
function guard(groups: readonly Group[], least: number): Count[] {
  const hidden = groups.filter(({ people }) => people.size < least);
  const shown = groups.filter(({ people }) => people.size >= least);
  const bySize = [...shown].sort((one, other) => one.people.size - other.people.size);
  while (hidden.length > 0 && union(hidden).size < least && bySize.length > 0) {
    hidden.push(...bySize.splice(0, 1));
  }
  const counts: Count[] = shown
    .filter((group) => !hidden.includes(group))
    .map(({ name, count }) => ({ value: name, count }));
  if (hidden.length > 0) {
    const count = hidden.reduce((sum, group) => sum + group.count, 0);
    counts.push({ value: ALL_OTHERS, count: union(hidden).size < least ? null : count });
  }
  return counts;
}

function union(groups: readonly Group[]): ReadonlySet<string> {
  return new Set(groups.flatMap(({ people }) => [...people]));
}

/** The most frequent first, then by the alphabet. */
function byCount(one: Group, other: Group): number {
  return other.count - one.count || one.name.localeCompare(other.name, "en");
}
