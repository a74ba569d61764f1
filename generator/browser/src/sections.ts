// Opens the sealed sections of a page in place: what is in view first, the rest in small slices.

import { renderByline, sayOnce } from "./byline.ts";
import { el } from "./dom.ts";
import { stepsOn, type OtherPage } from "./elsewhere.ts";
import { renderFigure, type Caption } from "./figures.ts";
import { renderMarkdown } from "./markdown.ts";
import type { Payload } from "./payload.ts";
import { asProblem, Problem, type Kind } from "./problems.ts";
import { isReducer, reduce, type Datum, type Reducer } from "./reduce.ts";
import type { Session } from "./session.ts";
import { authorshipOf } from "./signatures.ts";
import type { Blocks, PageBlock } from "./shapes.ts";
import { peopleBehind, type Terms } from "./statistics.ts";
import { stepThreads } from "./thread.ts";
import { renderThreads } from "./threadview.ts";

const SLICE_MS = 12;
const AHEAD = "600px";

/** One place to be filled, in steps small enough to stop between them. */
interface Job {
  readonly place: HTMLElement;
  readonly steps: Generator<Promise<unknown>, void>;
  /** A section in view comes first, then a figure in view, then all else in the page's order. */
  rank: number;
}

const IN_VIEW = { section: 0, figure: 1 };
const OUT_OF_VIEW = 2;
const LAST = 3;

/** Fills each `data-sealed` and `data-reduce` element under the root, until it is stopped. */
export class SectionFiller {
  readonly #jobs = new Map<Element, Job>();
  readonly #observer: IntersectionObserver;
  readonly #finished: Promise<void>;
  #stopped = false;

  constructor(
    root: ParentNode,
    private readonly session: Session,
    private readonly blocks: Blocks,
    private readonly otherPage: OtherPage,
  ) {
    this.#observer = new IntersectionObserver((seen) => this.#rank(seen), { rootMargin: AHEAD });
    for (const place of root.querySelectorAll<HTMLElement>(
      "[data-reduce], [data-thread], [data-sealed]",
    )) {
      this.#add(place);
    }
    this.#finished = this.#work();
  }

  /** Settles when every section has been opened or has said why not. */
  get finished(): Promise<void> {
    return this.#finished;
  }

  stop(): void {
    this.#stopped = true;
    this.#observer.disconnect();
    this.#jobs.clear();
  }

  #add(place: HTMLElement): void {
    const steps = this.#stepsFor(place);
    place.replaceChildren(opening());
    this.#jobs.set(place, { place, steps, rank: OUT_OF_VIEW });
    this.#observer.observe(place);
  }

  #stepsFor(place: HTMLElement): Generator<Promise<unknown>, void> {
    if (place.dataset["thread"] !== undefined) {
      return this.#threadSteps(place);
    }
    return isFigure(place) ? this.#figureSteps(place) : this.#sectionSteps(place);
  }

  #rank(seen: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of seen) {
      const job = this.#jobs.get(target);
      if (job !== undefined) {
        const inView = isFigure(job.place) ? IN_VIEW.figure : IN_VIEW.section;
        job.rank = isIntersecting ? inView : OUT_OF_VIEW;
      }
    }
  }

  async #work(): Promise<void> {
    await pause();
    let rested = performance.now();
    for (let job = this.#next(); job !== undefined && !this.#stopped; job = this.#next()) {
      await this.#step(job);
      if (performance.now() - rested > SLICE_MS) {
        await pause();
        rested = performance.now();
      }
    }
  }

  #next(): Job | undefined {
    let next: Job | undefined;
    for (const job of this.#jobs.values()) {
      if (next === undefined || job.rank < next.rank) {
        next = job;
      }
    }
    return next;
  }

  async #step(job: Job): Promise<void> {
    try {
      const { done, value } = job.steps.next();
      if (done === true) {
        this.#jobs.delete(job.place);
        this.#observer.unobserve(job.place);
      }
      await value;
    } catch (error) {
      this.#jobs.delete(job.place);
      this.#putProblem(job.place, error);
    }
  }

  *#sectionSteps(place: HTMLElement): Generator<Promise<unknown>, void> {
    const block = this.#block(place.dataset["sealed"] ?? "");
    yield this.session.open(block).then((payload) => {
      const text = el("div", { class: "prose" }, renderMarkdown(payload.text));
      this.#put(place, "opened", text);
      const steps = this.#bylineSteps(place, block, payload);
      this.#jobs.set(text, { place: text, steps, rank: LAST });
    });
  }

  /** Who wrote a section is looked at once every text is there. */
  *#bylineSteps(
    place: HTMLElement,
    block: PageBlock,
    payload: Payload,
  ): Generator<Promise<unknown>, void> {
    const authorship = authorshipOf(payload, block, block.signers);
    place.dataset["author"] = authorship.state;
    place.append(renderByline(authorship, block.signers));
    const note = place.closest(".note");
    if (note !== null) {
      sayOnce(note);
    }
  }

  /** A figure opens its sections one by one, then counts them. */
  *#figureSteps(place: HTMLElement): Generator<Promise<unknown>, void> {
    const make = figureMaker(place);
    const blocks = this.#blocksOf(place);
    const opened: Opened[] = [];
    const who = wordsOf(place.dataset["who"]);
    for (const [at, block] of blocks.entries()) {
      yield openForFigure(this.session, block, peopleOf(who[at])).then((one) =>
        opened.push(...one),
      );
    }
    this.#put(place, "opened", make(place, opened, blocks.length));
  }

  /** A thread opens the steps that this page holds, shows them, then those on other pages. */
  *#threadSteps(place: HTMLElement): Generator<Promise<unknown>, void> {
    const found: Found = { opened: [], all: 0, closed: 0 };
    yield* this.#openInto(found, this.#blocksOf(place));
    const elsewhere = wordsOf(place.dataset["elsewhere"]);
    if (elsewhere.length > 0) {
      this.#put(place, "partly", makeThreads(place, found, MORE_TO_COME));
    }
    for (const path of elsewhere) {
      let blocks: PageBlock[] = [];
      yield this.#stepsElsewhere(place, path).then(
        (steps) => {
          blocks = steps;
        },
        (error: unknown) => countProblem(found, error),
      );
      yield* this.#openInto(found, blocks);
    }
    this.#put(place, "opened", makeThreads(place, found));
  }

  *#openInto(found: Found, blocks: readonly PageBlock[]): Generator<Promise<unknown>, void> {
    found.all += blocks.length;
    for (const block of blocks) {
      yield openForFigure(this.session, block).then((one) => found.opened.push(...one));
    }
  }

  async #stepsElsewhere(place: HTMLElement, path: string): Promise<PageBlock[]> {
    const wanted = {
      sections: namesOf(place.dataset["sections"]),
      mineOnly: place.dataset["mine"] !== undefined,
    };
    return stepsOn(await this.otherPage(path), path, wanted, this.session.keys);
  }

  #blocksOf(place: HTMLElement): PageBlock[] {
    return wordsOf(place.dataset["blocks"]).map((id) => this.#block(id));
  }

  #block(id: string): PageBlock {
    const block = this.blocks.get(id);
    if (block === undefined) {
      throw new Problem(
        "damaged",
        "This part is missing from the page.",
        "Tell whoever looks after the portal.",
      );
    }
    return block;
  }

  #putProblem(place: HTMLElement, error: unknown): void {
    const problem = asProblem(error);
    this.#put(place, stateOf(problem.kind), el("p", { class: "notice" }, problem.sentence));
  }

  #put(place: HTMLElement, state: string, content: HTMLElement): void {
    if (!this.#stopped) {
      place.dataset["state"] = state;
      place.replaceChildren(content);
    }
  }
}

/** How a place stands that did not open: shut for its reader, closed for now, or at fault. */
function stateOf(kind: Kind): "shut" | "closed" | "faulty" {
  if (kind === "not-a-reader") {
    return "shut";
  }
  return kind === "older-key" ? "closed" : "faulty";
}

const ALL_SEALED = "What this would count is sealed for other readers.";
const STEPS_SEALED = "What was agreed here is sealed for other readers.";
const SECTIONS = "sections";

/** What stands in a place until it is open; paper has no "until". */
function opening(): HTMLElement {
  return el(
    "p",
    { class: "opening" },
    el("span", { class: "on-screen" }, "Opening…"),
    el("span", { class: "on-paper" }, "Not yet open when this was printed."),
  );
}

function isFigure(place: HTMLElement): boolean {
  return place.dataset["reduce"] !== undefined || place.dataset["thread"] !== undefined;
}

function reducerOf(place: HTMLElement): Reducer {
  const name = place.dataset["reduce"] ?? "";
  if (!isReducer(name)) {
    throw new Problem("damaged", "This figure is of a kind that the portal does not know.");
  }
  return name;
}

type MakeFigure = (place: HTMLElement, opened: readonly Opened[], all: number) => HTMLElement;

/** What makes the figure; a kind that is not known is refused before anything is opened. */
function figureMaker(place: HTMLElement): MakeFigure {
  const reducer = reducerOf(place);
  return (shown, opened, all) => {
    const { line = "", today = "" } = shown.dataset;
    const reduction = reduce(reducer, dataOf(opened), line, today, termsOf(shown));
    return renderFigure(reduction, captionOf(shown, opened, all));
  };
}

/** The sections of a thread as far as they have been opened. */
interface Found {
  readonly opened: Opened[];
  all: number;
  /** Pages that did not open. */
  closed: number;
}

const MORE_TO_COME = "Earlier sessions are still being read…";

function countProblem(found: Found, error: unknown): void {
  if (!(error instanceof Problem)) {
    throw error;
  }
  found.closed += 1;
}

/** The thread, with a word on what is not in it, or not yet. */
function makeThreads(place: HTMLElement, { opened, all, closed }: Found, more = ""): HTMLElement {
  const inOrder = [...opened].sort((one, other) => byDay(one.datum.date, other.datum.date));
  const threads = stepThreads(dataOf(inOrder), wordsOf(place.dataset["practised"]));
  const finished = place.dataset["finished"] !== undefined;
  const caption = { ...captionOf(place, inOrder, all), finished };
  const shown = renderThreads(threads, more === "" ? caption : { ...caption, empty: "" });
  if (more !== "") {
    shown.append(el("p", { class: "opening" }, more));
  }
  if (closed > 0) {
    shown.append(el("p", { class: "notice" }, STEPS_MISSING));
  }
  return shown;
}

const STEPS_MISSING =
  "A page of earlier sessions did not open, so older steps may be missing here. Reload the page to try again.";

function byDay(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function captionOf(place: HTMLElement, opened: readonly Opened[], all: number): Caption {
  const { today = "", empty = "Nothing to show.", noun = SECTIONS } = place.dataset;
  const days = opened.map(({ day }) => day);
  const sealed = place.dataset["thread"] === undefined ? ALL_SEALED : STEPS_SEALED;
  const nothing = opened.length === 0 && all > 0 ? sealed : empty;
  const people = peopleBehind(dataOf(opened)).size;
  const records = new Set(opened.map(({ record }) => record)).size;
  const read = noun === SECTIONS ? opened.length : records;
  const basis = { read, closed: all - opened.length, noun, days, people };
  const about = place.closest("section")?.querySelector("h2")?.textContent ?? "";
  return { today, empty: nothing, basis, about };
}

/** What the page says of the figure: the fewest people, the rated lines, what is no rating. */
function termsOf({ dataset }: HTMLElement): Terms {
  const least = Number(dataset["least"] ?? "0");
  if (!Number.isSafeInteger(least) || least < 0) {
    throw new Problem("damaged", "This figure does not say for how many people it may stand.");
  }
  return { least, lines: namesOf(dataset["lines"]), aside: namesOf(dataset["aside"]) };
}

/** Names with a bar between them. */
function namesOf(list: string | undefined): string[] {
  return (list ?? "").split("|").filter((name) => name !== "");
}

/** The people of one section, with a plus between them; a dash is nobody. */
function peopleOf(word: string | undefined): string[] {
  return (word ?? "").split("+").filter((person) => person !== "" && person !== "-");
}

function dataOf(opened: readonly Opened[]): Datum[] {
  return opened.map(({ datum }) => datum);
}

function wordsOf(list: string | undefined): string[] {
  return (list ?? "").split(/\s+/u).filter((word) => word !== "");
}

export interface Opened {
  readonly datum: Datum;
  /** The day of the record, or of sealing where the page doesn't say. */
  readonly day: string;
  /** The record it stands in; one record can have several such sections. */
  readonly record: string;
}

/** The block's typed data in a list of one; empty if it does not open, which the figure counts. */
export async function openForFigure(
  session: Session,
  block: PageBlock,
  who: readonly string[] = [],
): Promise<Opened[]> {
  let payload: Payload;
  try {
    payload = await session.open(block);
  } catch (error) {
    if (error instanceof Problem) {
      return [];
    }
    throw error;
  }
  const { date, label, path } = block;
  return [
    {
      datum: { data: payload.data, date, label, path, who, text: payload.text },
      day: date || payload.sealedAt.slice(0, 10),
      record: block.record,
    },
  ];
}

/** Lets the browser scroll, paint and answer keys before the next slice. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
