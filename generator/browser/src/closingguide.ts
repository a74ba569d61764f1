// The way to the close of a cycle: its steps, how far it has come, and where each is written.

import { button, el } from "./dom.ts";
import type { Closing, ClosingStep, WriteDesk, WritePlace } from "./writingdesk.ts";

/** The kinds of place in which a step is taken. */
const TAKEN_IN: Readonly<Record<string, string>> = {
  outcome: "close",
  statement: "statement",
  need: "beside",
  next: "next",
  close: "close",
};
const NEED = /^cpd-need@/u;
const LAST: ClosingStep = {
  kind: "close",
  title: "Mark the cycle as finished",
  who: "coach or coachee",
  state: "open",
};

/** The place where a step of a cycle's close is taken, if the writer can take it. */
export function placeFor(desk: WriteDesk, cycle: string, kind: string): WritePlace | undefined {
  return desk.places.find(
    (place) =>
      place.cycle === cycle &&
      place.kind === TAKEN_IN[kind] &&
      (kind !== "need" || formFor(place) !== ""),
  );
}

function formFor(place: WritePlace): string {
  return [...place.forms.keys()].find((name) => NEED.test(name)) ?? "";
}

/** The guide of the cycle that is written about; nothing where the page knows of no steps. */
export function renderGuide(
  desk: WriteDesk,
  current: WritePlace,
  choose: (place: WritePlace, form: string) => void,
): HTMLElement | undefined {
  const closing = desk.closings.find(({ cycle }) => cycle === current.cycle);
  if (closing === undefined || closing.steps.length === 0 || current.kind === "beside") {
    return undefined;
  }
  const items = allSteps(closing).map((step) => renderStep(desk, closing, step, current, choose));
  return el(
    "section",
    { class: "card closing-guide" },
    el("h2", {}, `Closing the cycle of ${closing.label}`),
    el(
      "p",
      { class: "muted" },
      "Each step is a record of its own. Take one along before you go on to the next; what somebody else has to write waits for them.",
    ),
    el("ol", { class: "closing-steps" }, ...items),
  );
}

/** The outcome is written as the cycle is marked; once it is there, the mark is a step by itself. */
function allSteps({ steps }: Closing): readonly ClosingStep[] {
  const told = steps.some(({ kind, state }) => kind === "outcome" && state === "done");
  const after = steps.findIndex(({ kind }) => kind === "need");
  return told ? [...steps.slice(0, after), LAST, ...steps.slice(after)] : steps;
}

function renderStep(
  desk: WriteDesk,
  closing: Closing,
  step: ClosingStep,
  current: WritePlace,
  choose: (place: WritePlace, form: string) => void,
): HTMLElement {
  const place = placeFor(desk, closing.cycle, step.kind);
  const isHere = place !== undefined && place === current && step.state !== "done";
  const words = el("span", { class: "muted" }, isHere ? "below" : stateWords(step));
  const item = el("li", { class: `closing-${step.state}` }, step.title, " ", words);
  if (isHere) {
    item.setAttribute("aria-current", "step");
  } else if (place !== undefined && step.state !== "done") {
    const label = `Write: ${step.title.toLowerCase()}`;
    const go = button("Write it", () => choose(place, formFor(place)), {
      class: "button small",
      "aria-label": label,
    });
    item.append(" ", go);
  }
  return item;
}

function stateWords({ state, who }: ClosingStep): string {
  switch (state) {
    case "done":
      return "done";
    case "open":
      return `still to do, by ${who}`;
    default:
      return "if there is one";
  }
}
