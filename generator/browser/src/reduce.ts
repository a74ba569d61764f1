// Figures from sealed typed data, by a small closed set of reducers: values in, values out.

import { isObject, type Json, type JsonObject } from "./json.ts";
import {
  countPeople,
  lastSeen,
  NO_TERMS,
  ratings,
  stepsOnTime,
  surveyResults,
  type Result,
  type Seen,
  type Share,
  type Terms,
} from "./statistics.ts";

export type Reducer =
  | "open-steps"
  | "overdue-steps"
  | "latest"
  | "list"
  | "count"
  | "on-time"
  | "outcomes"
  | "ratings"
  | "seen"
  | "results";

/** The typed data of one opened section, with what the page says of its record. */
export interface Datum {
  readonly data: JsonObject;
  readonly date: string;
  readonly label: string;
  readonly path: string;
  /** The people it is about, where the page says so. */
  readonly who?: readonly string[];
  /** What stands in the section. */
  readonly text?: string;
}

export interface Step {
  readonly text: string;
  /** ISO, empty without a date. */
  readonly due: string;
  readonly done: boolean;
  /** The section that named it first. */
  readonly from: Datum;
}

export interface Value {
  readonly value: string;
  readonly from: Datum;
}

export interface Count {
  readonly value: string;
  /** Null where too few people stand behind it. */
  readonly count: number | null;
}

export type Reduction =
  | { readonly kind: "steps"; readonly steps: readonly Step[] }
  | { readonly kind: "values"; readonly values: readonly Value[] }
  | { readonly kind: "counts"; readonly counts: readonly Count[] }
  | { readonly kind: "share"; readonly share: Share; readonly noun: string }
  | {
      readonly kind: "seen";
      readonly seen: readonly Seen[];
      /** The lines that nobody has rated yet. */
      readonly unseen: readonly string[];
    }
  | { readonly kind: "results"; readonly results: readonly Result[] };

type Reduce = (data: readonly Datum[], line: string, today: string, terms: Terms) => Reduction;

const REDUCERS: Readonly<Record<Reducer, Reduce>> = {
  "open-steps": (data) => ({ kind: "steps", steps: openSteps(data) }),
  "overdue-steps": (data, _line, today) => ({ kind: "steps", steps: overdueSteps(data, today) }),
  latest: (data, line) => ({ kind: "values", values: lineValues(data, line).slice(-1) }),
  list: (data, line) => ({ kind: "values", values: lineValues(data, line) }),
  count: (data, line) => ({ kind: "counts", counts: countValues(lineValues(data, line)) }),
  "on-time": (data, _line, today, { least }) => ({
    kind: "share",
    share: stepsOnTime(data.flatMap(stepsOf), sameStep, today, least),
    noun: "steps",
  }),
  outcomes: (data, line, _today, { least }) => ({
    kind: "counts",
    counts: countPeople(lineValues(data, line), least),
  }),
  ratings: (data, _line, _today, terms) => ({
    kind: "counts",
    counts: countPeople(ratings(data, linesOf, terms), terms.least),
  }),
  seen: (data, _line, _today, terms) => {
    const seen = lastSeen(ratings(data, linesOf, terms), terms.lines);
    const names = new Set(seen.map(({ line }) => line));
    return { kind: "seen", seen, unseen: terms.lines.filter((line) => !names.has(line)) };
  },
  results: (data, _line, _today, { least }) => ({
    kind: "results",
    results: surveyResults(data, least),
  }),
};

export function isReducer(name: string): name is Reducer {
  return Object.hasOwn(REDUCERS, name);
}

/** The data comes in the order of its records, the oldest first. */
export function reduce(
  reducer: Reducer,
  data: readonly Datum[],
  line: string,
  today: string,
  terms: Terms = NO_TERMS,
): Reduction {
  return REDUCERS[reducer](data, line, today, terms);
}

/** Steps not yet done. A step carried forward is the same step: what its last record says, holds. */
export function openSteps(data: readonly Datum[]): Step[] {
  const latest = new Map<string, Step>();
  for (const datum of data) {
    for (const step of stepsOf(datum)) {
      const name = sameStep(step.text);
      latest.set(name, { ...step, from: latest.get(name)?.from ?? step.from });
    }
  }
  return [...latest.values()].filter((step) => !step.done).sort(byDue);
}

function overdueSteps(data: readonly Datum[], today: string): Step[] {
  return openSteps(data).filter((step) => step.due !== "" && step.due < today);
}

export function stepsOf(datum: Datum): Step[] {
  const steps = datum.data["steps"];
  const items = Array.isArray(steps) ? (steps as readonly Json[]) : [];
  return items.filter(isObject).map((step) => ({
    text: typeof step["text"] === "string" ? step["text"] : "",
    due: typeof step["due"] === "string" ? step["due"] : "",
    done: step["done"] === true,
    from: datum,
  }));
}

/** The step without what changes as it is carried forward: spacing, capitals, a final stop. */
export function sameStep(text: string): string {
  return text.normalize("NFC").trim().replace(/\s+/gu, " ").replace(/\.$/u, "").toLowerCase();
}

function byDue(one: Step, other: Step): number {
  const [first, second] = [one.due || "9999", other.due || "9999"];
  return first < second ? -1 : Number(first > second);
}

function lineValues(data: readonly Datum[], line: string): Value[] {
  return data.flatMap((from) => {
    const value = linesOf(from).get(line);
    return value === undefined ? [] : [{ value, from }];
  });
}

/** The lines that are filled in, by their names. */
function linesOf(from: Datum): ReadonlyMap<string, string> {
  const lines = from.data["lines"];
  const filled = Object.entries(isObject(lines) ? lines : {}).filter(
    (line): line is [string, string] => typeof line[1] === "string" && line[1] !== "",
  );
  return new Map(filled);
}

/** How often each value occurs: the most frequent first, then by the alphabet. */
function countValues(values: readonly Value[]): Count[] {
  const counts = new Map<string, number>();
  for (const { value } of values) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((one, other) => other.count - one.count || one.value.localeCompare(other.value, "en"));
}

export interface Basis {
  /** How many of what the noun names were read. */
  readonly read: number;
  /** How many sections did not open. */
  readonly closed: number;
  readonly noun: string;
  /** How many people they are about, where the page says so. */
  readonly people?: number;
  /** The days of the first and last record, or of sealing where the page doesn't say. */
  readonly days: readonly string[];
}

/** What a figure stands on: n and period, and what it leaves out. */
export function describeBasis(basis: Basis, formatDate: (iso: string) => string): string {
  const { read, closed, noun, people = 0 } = basis;
  const sections = `${closed}${read === 0 ? "" : " more"} ${closed === 1 ? "section" : "sections"}`;
  const left = `${sections} did not open with your key and ${closed === 1 ? "is" : "are"} not counted.`;
  if (read === 0 && closed > 0) {
    return left;
  }
  const days = basis.days.filter((day) => day !== "").sort();
  const [first, last] = [days[0], days.at(-1)];
  const about = people === 0 ? "" : ` on ${people} ${people === 1 ? "person" : "people"}`;
  const counted = `From ${read} ${read === 1 ? noun.replace(/s$/u, "") : noun}${about}`;
  const period =
    first === undefined || last === undefined
      ? ""
      : first === last
        ? `, ${formatDate(first)}`
        : `, ${formatDate(first)} to ${formatDate(last)}`;
  return `${counted}${period}.${closed > 0 ? ` ${left}` : ""}`;
}
