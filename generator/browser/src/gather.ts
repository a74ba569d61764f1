// Reads what its reader can open into the search index, in slices that never hold up the page.

import { formatDay } from "./dates.ts";
import type { FragmentLoader } from "./fragments.ts";
import { renderPage } from "./markdown.ts";
import { Problem } from "./problems.ts";
import { formatRoute, slug } from "./route.ts";
import type { Piece, SearchIndex } from "./search.ts";
import type { OpenPage, Session } from "./session.ts";
import { readPage, type Page, type PageBlock } from "./shapes.ts";

/** Pages that hold nothing to be found. */
const NOT_READ = ["write"];
const SLICE_MS = 10;
const NOT_WORDS = "svg, [data-sealed], [data-reduce], [data-thread], .readers, .visually-hidden";

export interface Progress {
  /** Pages that have been read, and how many there are. */
  readonly read: number;
  readonly all: number;
  /** Sections that are sealed for other readers. */
  readonly shut: number;
  /** Pages that could not be loaded or opened. */
  readonly failed: number;
}

export class Gatherer {
  readonly #pages: readonly OpenPage[];
  #progress: Progress;
  #stopped = false;
  #rested = 0;

  constructor(
    private readonly loader: FragmentLoader,
    private readonly session: Session,
    private readonly index: SearchIndex,
    /** Settles when nothing more urgent is to be done. */
    private readonly calm: () => Promise<void>,
    private readonly tell: (progress: Progress) => void,
  ) {
    this.#pages = session.pages.filter(({ kind }) => !NOT_READ.includes(kind));
    this.#progress = { read: 0, all: this.#pages.length, shut: 0, failed: 0 };
  }

  get progress(): Progress {
    return this.#progress;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Reads page after page; settles at the end, or soon after it was stopped. */
  async run(): Promise<void> {
    for (const page of this.#pages) {
      await this.#rest();
      if (this.#stopped) {
        return;
      }
      await this.#readPage(page);
      this.#advance({ read: this.#progress.read + 1 });
    }
  }

  async #readPage(link: OpenPage): Promise<void> {
    try {
      const page = readPage(await this.loader.open(link.name, link.keys));
      await this.#readParts(link, page);
    } catch (error) {
      if (!(error instanceof Problem)) {
        throw error;
      }
      this.#advance({ failed: this.#progress.failed + 1 });
    }
  }

  async #readParts(link: OpenPage, page: Page): Promise<void> {
    const shown = renderPage(page.html);
    const sections = sectionsOf(shown, page);
    this.#add(pagePiece(link, shown));
    for (const { block, day } of sections) {
      await this.#rest();
      if (this.#stopped) {
        return;
      }
      await this.#readSection(link, block, day);
    }
  }

  async #readSection(link: OpenPage, block: PageBlock, day: string): Promise<void> {
    const id = `${block.record}/${block.section}`;
    if (this.index.has(id)) {
      return;
    }
    try {
      const { text } = await this.session.open(block);
      this.#add({ ...placeOf(link, block), id, day, text: plainText(text) });
    } catch (error) {
      if (!(error instanceof Problem)) {
        throw error;
      }
      this.#advance({ shut: this.#progress.shut + 1 });
    }
  }

  #add(piece: Piece): void {
    if (!this.#stopped) {
      this.index.add(piece);
    }
  }

  #advance(change: Partial<Progress>): void {
    this.#progress = { ...this.#progress, ...change };
    if (!this.#stopped) {
      this.tell(this.#progress);
    }
  }

  /** Gives way once a slice is used up. */
  async #rest(): Promise<void> {
    if (performance.now() - this.#rested > SLICE_MS) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      await this.calm();
      this.#rested = performance.now();
    }
  }
}

interface Found {
  readonly block: PageBlock;
  readonly day: string;
}

/** The sealed sections that the page shows in full, with the day it says beside them. */
function sectionsOf(shown: ParentNode, page: Page): Found[] {
  return [...shown.querySelectorAll<HTMLElement>("[data-sealed]")].flatMap((place) => {
    const block = page.blocks.get(place.dataset["sealed"] ?? "");
    const day = place.closest("li")?.querySelector(".session-day")?.textContent ?? "";
    return block === undefined ? [] : [{ block, day: day.trim() }];
  });
}

function placeOf(
  link: OpenPage,
  { record, section }: PageBlock,
): Pick<Piece, "title" | "section" | "address"> {
  const address = formatRoute({ path: link.path, record, section: slug(section) });
  return { title: link.title, section, address };
}

/** What the page itself says, for finding a name, a day or a number of a file. */
function pagePiece(link: OpenPage, shown: DocumentFragment): Piece {
  const copy = shown.cloneNode(true) as DocumentFragment;
  for (const part of copy.querySelectorAll(NOT_WORDS)) {
    part.remove();
  }
  return {
    id: `page/${link.path}`,
    title: link.title,
    section: "",
    day: "",
    address: `#/${link.path}`,
    text: textOf(copy),
  };
}

/** The words of all text nodes, with a space where one element ends and another begins. */
function textOf(root: Node): string {
  const texts: string[] = [];
  const walk = document.createTreeWalker(root, NODE_TEXT);
  for (let node = walk.nextNode(); node !== null; node = walk.nextNode()) {
    texts.push(node.textContent ?? "");
  }
  return texts.join(" ").replace(/\s+/gu, " ").trim();
}

const NODE_TEXT = 4;

/** Markdown without its signs, on one line, its days as people write them. */
export function plainText(markdown: string): string {
  return markdown
    .replace(/^\s*(?:[-*+>]|\d+[.)])\s+(?:\[[ xX]\]\s+)?/gmu, "")
    .replace(/(^|[^\p{L}\p{N}])[*_`~]{1,3}/gu, "$1")
    .replace(/[*_`~]{1,3}(?![\p{L}\p{N}])/gu, "")
    .replace(/\(by (\d{4}-\d{2}-\d{2})\)/gu, (_, day: string) => `(by ${formatDay(day)})`)
    .replace(/\s+/gu, " ")
    .trim();
}
