// Opens the sealed sections of a page in place: what is in view first, the rest in small slices.

import { el } from "./dom.ts";
import { renderFigure } from "./figures.ts";
import { renderMarkdown } from "./markdown.ts";
import type { Payload } from "./payload.ts";
import { asProblem, Problem } from "./problems.ts";
import { isReducer, reduce, type Datum } from "./reduce.ts";
import type { Session } from "./session.ts";
import type { Blocks, PageBlock } from "./shapes.ts";

const SLICE_MS = 12;
const AHEAD = "600px";

type Task = () => Promise<void>;

/** Fills each `data-sealed` and `data-reduce` element under the root, until it is stopped. */
export class SectionFiller {
  readonly #urgent: Element[] = [];
  readonly #tasks = new Map<Element, Task>();
  readonly #observer: IntersectionObserver;
  readonly #finished: Promise<void>;
  #finish: () => void = () => undefined;
  #stopped = false;

  constructor(
    root: ParentNode,
    private readonly session: Session,
    private readonly blocks: Blocks,
  ) {
    this.#finished = new Promise((resolve) => (this.#finish = resolve));
    this.#observer = new IntersectionObserver((seen) => this.#hurry(seen), { rootMargin: AHEAD });
    for (const place of root.querySelectorAll<HTMLElement>("[data-reduce]")) {
      this.#add(place, () => this.#fillFigure(place));
    }
    for (const place of root.querySelectorAll<HTMLElement>("[data-sealed]")) {
      this.#add(place, () => this.#fillSection(place));
    }
    void this.#work();
  }

  /** Settles when every section has been opened or has said why not. */
  get finished(): Promise<void> {
    return this.#finished;
  }

  stop(): void {
    this.#stopped = true;
    this.#observer.disconnect();
    this.#tasks.clear();
    this.#finish();
  }

  #add(place: HTMLElement, task: Task): void {
    place.replaceChildren(el("p", { class: "opening" }, "Opening…"));
    this.#tasks.set(place, task);
    this.#observer.observe(place);
  }

  #hurry(seen: readonly IntersectionObserverEntry[]): void {
    this.#urgent.push(...seen.filter((entry) => entry.isIntersecting).map((entry) => entry.target));
  }

  async #work(): Promise<void> {
    let resting = performance.now();
    await pause();
    while (this.#tasks.size > 0 && !this.#stopped) {
      await this.#next();
      if (performance.now() - resting > SLICE_MS) {
        await pause();
        resting = performance.now();
      }
    }
    this.#finish();
  }

  async #next(): Promise<void> {
    const [place] = this.#urgent.length > 0 ? this.#urgent.splice(0, 1) : this.#tasks.keys();
    const task = place === undefined ? undefined : this.#tasks.get(place);
    if (place !== undefined && task !== undefined) {
      this.#tasks.delete(place);
      this.#observer.unobserve(place);
      await task();
    }
  }

  async #fillSection(place: HTMLElement): Promise<void> {
    try {
      const { text } = await this.session.open(this.#block(place.dataset["sealed"] ?? ""));
      this.#put(place, "opened", el("div", { class: "prose" }, renderMarkdown(text)));
    } catch (error) {
      this.#putProblem(place, error);
    }
  }

  async #fillFigure(place: HTMLElement): Promise<void> {
    try {
      const name = place.dataset["reduce"] ?? "";
      if (!isReducer(name)) {
        throw new Problem("damaged", "This figure is of a kind that the portal does not know.");
      }
      const blocks = (place.dataset["blocks"] ?? "").split(/\s+/u).filter((id) => id !== "").map((id) => this.#block(id));
      const opened = await openAll(this.session, blocks);
      const today = place.dataset["today"] ?? "";
      const reduction = reduce(name, opened.map(({ datum }) => datum), place.dataset["line"] ?? "", today);
      const figure = renderFigure(reduction, {
        today,
        empty: place.dataset["empty"] ?? "Nothing to show.",
        basis: {
          read: opened.length,
          all: blocks.length,
          noun: place.dataset["noun"] ?? "sections",
          days: opened.map(({ day }) => day),
        },
      });
      this.#put(place, "opened", figure);
    } catch (error) {
      this.#putProblem(place, error);
    }
  }

  #block(id: string): PageBlock {
    const block = this.blocks.get(id);
    if (block === undefined) {
      throw new Problem("damaged", "This part is missing from the page.", "Tell whoever looks after the portal.");
    }
    return block;
  }

  #putProblem(place: HTMLElement, error: unknown): void {
    const problem = asProblem(error);
    const calm = problem.kind === "not-a-reader" || problem.kind === "older-key";
    this.#put(place, calm ? "closed" : "faulty", el("p", { class: "notice" }, problem.sentence));
  }

  #put(place: HTMLElement, state: string, content: HTMLElement): void {
    if (!this.#stopped) {
      place.dataset["state"] = state;
      place.replaceChildren(content);
    }
  }
}

export interface Opened {
  readonly datum: Datum;
  /** The day of the record, or of sealing where the page doesn't say. */
  readonly day: string;
}

/** The blocks that open, in their order; what does not open is left out, and counted by the caller. */
export async function openAll(session: Session, blocks: readonly PageBlock[]): Promise<Opened[]> {
  const opened: Opened[] = [];
  for (const block of blocks) {
    const payload = await tryOpen(session, block);
    if (payload !== undefined) {
      const { date, label, path } = block;
      opened.push({ datum: { data: payload.data, date, label, path }, day: date || payload.sealedAt.slice(0, 10) });
    }
  }
  return opened;
}

async function tryOpen(session: Session, block: PageBlock): Promise<Payload | undefined> {
  try {
    return await session.open(block);
  } catch (error) {
    if (error instanceof Problem) {
      return undefined;
    }
    throw error;
  }
}

/** Lets the browser scroll, paint and answer keys before the next slice. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
