// An action step across sessions: agreed, practised, carried forward, checked.

import { sameStep, stepsOf, type Datum, type Step } from "./reduce.ts";

export type Moment = "agreed" | "practised" | "carried" | "done";

export interface StepEvent {
  readonly moment: Moment;
  /** ISO, empty where the page doesn't say. */
  readonly day: string;
  /** The day it was to be done by, as that session has it; empty without one. */
  readonly due: string;
  readonly path: string;
}

export interface StepThread {
  readonly text: string;
  readonly due: string;
  readonly done: boolean;
  readonly events: readonly StepEvent[];
}

/**
 * The steps of one cycle, pair or group, those still open first, by the day they are due.
 *
 * The data comes in the order of its records, the oldest first. `practised` are the days of the
 * sessions in which somebody wrote down what was practised: it concerns every step open by then.
 */
export function stepThreads(data: readonly Datum[], practised: readonly string[]): StepThread[] {
  const threads = new Map<string, StepThread>();
  const days = [...practised].sort();
  for (const datum of data) {
    for (const step of stepsOf(datum)) {
      const name = sameStep(step.text);
      threads.set(name, goOn(threads.get(name), step, days));
    }
  }
  return [...threads.values()].map((thread) => practisedSince(thread, days)).sort(openFirst);
}

function goOn(thread: StepThread | undefined, step: Step, days: readonly string[]): StepThread {
  const { text, due, done, from } = step;
  const moment: Moment = done ? "done" : thread === undefined ? "agreed" : "carried";
  const event: StepEvent = { moment, day: from.date, due: done ? "" : due, path: from.path };
  const before = thread?.events ?? [];
  const practice = before.length === 0 ? [] : practiceBetween(before.at(-1)?.day, from.date, days);
  return { text, due, done, events: [...before, ...practice, event] };
}

/** What was practised after the last word on a step that is still open. */
function practisedSince(thread: StepThread, days: readonly string[]): StepThread {
  const last = thread.events.at(-1)?.day;
  return thread.done
    ? thread
    : { ...thread, events: [...thread.events, ...practiceBetween(last, "9999", days)] };
}

function practiceBetween(
  after: string | undefined,
  until: string,
  days: readonly string[],
): StepEvent[] {
  return days
    .filter((day) => after !== undefined && after !== "" && day > after && day <= until)
    .map((day) => ({ moment: "practised", day, due: "", path: "" }));
}

function openFirst(one: StepThread, other: StepThread): number {
  return Number(one.done) - Number(other.done) || byText(one.due || "9999", other.due || "9999");
}

function byText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
