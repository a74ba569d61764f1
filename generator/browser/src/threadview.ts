// The thread of action steps as nodes: what is open with its history, what is done folded away.

import { daysBetween, formatDate, formatDay } from "./dates.ts";
import { el } from "./dom.ts";
import { describeBasis, type Basis } from "./reduce.ts";
import type { StepEvent, StepThread } from "./thread.ts";

export interface ThreadCaption {
  readonly today: string;
  readonly empty: string;
  readonly basis: Basis;
  /** Whether the cycle has finished, so that nothing in it is still to do. */
  readonly finished: boolean;
}

export function renderThreads(
  threads: readonly StepThread[],
  { today, empty, basis, finished }: ThreadCaption,
): HTMLElement {
  const open = threads.filter(({ done }) => !done);
  const done = threads.filter((thread) => thread.done);
  const show = finished ? renderLeft : (one: StepThread) => renderThread(one, today);
  const nothing = empty === "" ? [] : [el("p", { class: "empty" }, empty)];
  return el(
    "div",
    { class: "figure" },
    ...(open.length > 0 ? [listOf(open, show)] : nothing),
    ...(done.length > 0 ? [foldedDone(done, show)] : []),
    el("p", { class: "basis" }, describeBasis(basis, formatDate)),
  );
}

type Show = (thread: StepThread) => HTMLElement;

function foldedDone(done: readonly StepThread[], show: Show): HTMLElement {
  const words = `${done.length} done: ${done.length === 1 ? "see it" : "see them"}`;
  return el("details", { class: "steps-done" }, el("summary", {}, words), listOf(done, show));
}

function listOf(threads: readonly StepThread[], show: Show): HTMLElement {
  return el("ul", { class: "steps" }, ...threads.map(show));
}

/** A step of a finished cycle: what was still open then is told and no longer late. */
function renderLeft(thread: StepThread): HTMLElement {
  const words = thread.done ? "done" : "open when the cycle finished";
  return renderStep(thread, classOf(thread, 0), words, thread.events);
}

function renderThread(thread: StepThread, today: string): HTMLElement {
  const late = thread.done || thread.due === "" ? 0 : daysBetween(thread.due, today);
  const words = thread.done || thread.due !== "" ? stateWords(thread, late) : "";
  return renderStep(thread, classOf(thread, late), words, eventsOf(thread));
}

function renderStep(
  { text }: StepThread,
  look: string,
  words: string,
  events: readonly StepEvent[],
): HTMLElement {
  const item = el("li", { class: look });
  item.append(el("span", { class: "step-text" }, text), " ");
  if (words !== "") {
    item.append(el("span", { class: "chip" }, words));
  }
  item.append(...renderEvents(events));
  return item;
}

/** The events of a step; the day that its chip names stands there and not beside each of them. */
function eventsOf({ events, due, done }: StepThread): StepEvent[] {
  return events.map((event) => (!done && event.due === due ? { ...event, due: "" } : event));
}

/** What happened to a step; of a long history the beginning and the latest, the rest folded. */
function renderEvents(events: readonly StepEvent[]): HTMLElement[] {
  if (events.length <= MOST_EVENTS) {
    return [listOfEvents(events)];
  }
  const between = events.slice(FIRST_EVENTS, -LAST_EVENTS);
  return [
    listOfEvents([...events.slice(0, FIRST_EVENTS), ...events.slice(-LAST_EVENTS)]),
    el(
      "details",
      { class: "steps-between" },
      el("summary", {}, `${between.length} more in between`),
      listOfEvents(between),
    ),
  ];
}

const MOST_EVENTS = 6;
const FIRST_EVENTS = 1;
const LAST_EVENTS = 2;

function listOfEvents(events: readonly StepEvent[]): HTMLElement {
  return el("ol", { class: "step-events" }, ...events.map(renderEvent));
}

function classOf({ done }: StepThread, late: number): string {
  if (done) {
    return "step task-done";
  }
  return late > 0 ? "step step-late" : "step";
}

function stateWords({ done, due }: StepThread, late: number): string {
  if (done) {
    return "done";
  }
  return late > 0
    ? `was due ${formatDay(due)}, ${late} ${late === 1 ? "day" : "days"} ago`
    : `by ${formatDay(due)}`;
}

function renderEvent({ moment, day, due, path }: StepEvent): HTMLElement {
  const when = formatDay(day);
  const place = path === "" || when === "" ? when : el("a", { href: `#/${path}` }, when);
  const until = due === "" ? "" : `, by ${formatDay(due)}`;
  return el("li", { class: `step-event step-${moment}` }, `${WORDS[moment]} `, place, until);
}

const WORDS = {
  agreed: "agreed",
  practised: "practised",
  carried: "looked at and carried forward",
  done: "checked and done",
} as const;
