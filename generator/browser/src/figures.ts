// Reduced figures as nodes: lists of steps, values with their day, counts with bars.

import { daysBetween, formatDate, formatDay } from "./dates.ts";
import { el } from "./dom.ts";
import {
  describeBasis,
  type Basis,
  type Count,
  type Datum,
  type Reduction,
  type Step,
  type Value,
} from "./reduce.ts";
import { ALL_OTHERS, SUPPRESSED, type Result, type Share } from "./statistics.ts";

const SVG = "http://www.w3.org/2000/svg";

export interface Caption {
  readonly today: string;
  /** What is said when there is nothing to list. */
  readonly empty: string;
  readonly basis: Basis;
  /** What tells a table from the same one about somebody else, such as their name. */
  readonly about?: string;
}

export function renderFigure(reduction: Reduction, caption: Caption): HTMLElement {
  const body = renderBody(reduction, caption) ?? el("p", { class: "empty" }, caption.empty);
  const basis = el("p", { class: "basis" }, describeBasis(caption.basis, formatDate));
  return el("div", { class: "figure" }, body, basis);
}

/** The figure's list or table, or null if it has no entries. */
function renderBody(reduction: Reduction, { today, about = "" }: Caption): HTMLElement | null {
  switch (reduction.kind) {
    case "steps":
      return reduction.steps.length === 0 ? null : renderSteps(reduction.steps, today);
    case "values":
      return reduction.values.length === 0 ? null : renderValues(reduction.values);
    case "counts":
      return reduction.counts.length === 0 ? null : renderValueCounts(reduction.counts);
    case "share":
      return reduction.share.whole === 0 ? null : renderShare(reduction.share, reduction.noun);
    case "seen":
      return reduction.seen.length === 0 ? null : renderSeen(reduction, about);
    case "results":
      return reduction.results.length === 0 ? null : renderResults(reduction.results, about);
  }
}

const TOO_FEW = "Not shown: too few people stand behind it.";

function renderShare({ part, whole, hidden }: Share, noun: string): HTMLElement {
  const percent = Math.round((100 * part) / whole);
  return el(
    "div",
    { class: "share" },
    el(
      "p",
      { class: hidden ? "figure-value figure-hidden" : "figure-value" },
      hidden ? SUPPRESSED : `${percent}%`,
    ),
    el("p", {}, hidden ? TOO_FEW : `${part} of ${whole} ${noun}`),
  );
}

type Standards = Extract<Reduction, { kind: "seen" }>;

function renderSeen({ seen, unseen }: Standards, about: string): HTMLElement {
  const all = seen.length + unseen.length;
  const table = renderTable(
    about,
    ["Standard", "How far", "When", "Times"],
    seen.map(({ line, value, times, from }) => [
      line,
      value,
      from.date === "" ? "" : formatDay(from.date),
      String(times),
    ]),
  );
  const left =
    unseen.length === 0
      ? "All of them have been looked at."
      : `${seen.length} of ${all} have been looked at. Not yet: ${unseen.join("; ")}.`;
  return el("div", {}, table, el("p", {}, left));
}

function renderResults(results: readonly Result[], about: string): HTMLElement {
  const isOne = new Set(results.map(({ from }) => from.date)).size === 1;
  return renderTable(
    about,
    ["Question", "Answered", "Result", ...(isOne ? [] : ["Survey"])],
    results.map(({ question, answered, result, from }) => [
      question,
      answered === null ? SUPPRESSED : String(answered),
      result,
      ...(isOne ? [] : [formatDate(from.date)]),
    ]),
  );
}

/** A table of texts; the first cell of each row is its heading. A phone scrolls it sideways. */
function renderTable(
  about: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): HTMLElement {
  const name = `${about === "" ? "" : `${about}: `}${columns.join(", ")}`;
  const body = rows.map(([first = "", ...rest]) =>
    el("tr", {}, el("th", { scope: "row" }, first), ...rest.map((cell) => el("td", {}, cell))),
  );
  const head = columns.map((column) => el("th", { scope: "col" }, column));
  const table = el(
    "table",
    { class: "counts" },
    el("caption", { class: "visually-hidden" }, name),
    el("thead", {}, el("tr", {}, ...head)),
    el("tbody", {}, ...body),
  );
  const place = { class: "table-scroll", tabindex: "0", role: "region", "aria-label": name };
  return el("div", place, table);
}

export function renderSteps(steps: readonly Step[], today: string): HTMLElement {
  return el("ul", { class: "steps" }, ...steps.map((step) => renderStep(step, today)));
}

function renderStep(step: Step, today: string): HTMLElement {
  const late = step.due === "" ? 0 : daysBetween(step.due, today);
  const item = el("li", { class: late > 0 ? "step step-late" : "step" });
  item.append(el("span", { class: "step-text" }, step.text), " ");
  if (step.due !== "") {
    item.append(el("span", { class: "chip" }, dueText(step.due, late)), " ");
  }
  item.append(...originOf(step.from));
  return item;
}

function dueText(due: string, late: number): string {
  if (late <= 0) {
    return `by ${formatDay(due)}`;
  }
  return `was due ${formatDay(due)}, ${late} ${late === 1 ? "day" : "days"} ago`;
}

/** Where a value comes from, as a link when it has a page. */
function originOf(from: Datum): Node[] {
  const words = from.label || formatDay(from.date);
  if (words === "") {
    return [];
  }
  const origin =
    from.path === "" ? el("span", {}, words) : el("a", { href: `#/${from.path}` }, words);
  return [el("span", { class: "origin" }, "from ", origin)];
}

function renderValues(values: readonly Value[]): HTMLElement {
  const items = values.map(({ value, from }) =>
    el("li", {}, el("span", { class: "value" }, value), " ", ...originOf(from)),
  );
  return el("ul", { class: "values" }, ...items);
}

const NONE_BY_ITSELF = "Too few people stand behind each value, so none is shown by itself.";

function renderValueCounts(counts: readonly Count[]): HTMLElement {
  const isOneRest = counts.length === 1 && counts[0]?.value === ALL_OTHERS;
  return isOneRest ? el("p", {}, NONE_BY_ITSELF) : renderCounts(counts);
}

function renderCounts(counts: readonly Count[]): HTMLElement {
  const most = Math.max(1, ...counts.map(({ count }) => count ?? 0));
  const rows = counts.map(({ value, count }) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, value),
      el("td", { class: "number" }, count === null ? SUPPRESSED : String(count)),
      el("td", { class: "bar-cell", "aria-hidden": "true" }, renderBar((count ?? 0) / most)),
    ),
  );
  const head = ["Value", "How many"].map((name) => el("th", { scope: "col" }, name));
  return el(
    "table",
    { class: "counts" },
    el("caption", { class: "visually-hidden" }, "How many of each value"),
    el("thead", {}, el("tr", {}, ...head, el("td", { "aria-hidden": "true" }))),
    el("tbody", {}, ...rows),
  );
}

function renderBar(share: number): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "bar");
  svg.setAttribute("viewBox", "0 0 100 10");
  svg.setAttribute("preserveAspectRatio", "none");
  const bar = document.createElementNS(SVG, "rect");
  bar.setAttribute("width", String(Math.round(share * 100)));
  bar.setAttribute("height", "10");
  svg.append(bar);
  return svg;
}
