// The take-away page: opens what is about the reader, wherever it is shown, and hands over one file.

import { bylineOf } from "./byline.ts";
import { button, el } from "./dom.ts";
import { downloadBytes } from "./download.ts";
import type { FragmentLoader } from "./fragments.ts";
import type { Json } from "./json.ts";
import { asProblem, Problem } from "./problems.ts";
import type { Session } from "./session.ts";
import { readPage, type Blocks, type PageBlock } from "./shapes.ts";
import { authorshipOf } from "./signatures.ts";
import {
  describeFile,
  formatData,
  formatText,
  placeOf,
  readTakeAway,
  type KeptRecord,
  type OpenedSection,
  type TakeAway,
} from "./takeaway.ts";
import { zipOf } from "./zip.ts";

/** Puts the button into the place that the page has for it. */
export function enableTakeAway(
  root: ParentNode,
  data: Json,
  blocks: Blocks,
  session: Session,
  loader: FragmentLoader,
): void {
  const place = root.querySelector("[data-take-away]");
  if (place === null) {
    return;
  }
  const maker = new Maker(readTakeAway(data), blocks, session, loader);
  const said = el("p", { role: "status" });
  const make = button("Make my take-away file", () => void press(), { class: "button primary" });
  async function press(): Promise<void> {
    make.disabled = true;
    said.textContent = "Opening what is about you…";
    try {
      said.textContent = await maker.make((share) => {
        said.textContent = `Opening what is about you: ${share} %`;
        return said.isConnected;
      });
    } catch (error) {
      said.textContent = asProblem(error).sentence;
    }
    make.disabled = false;
  }
  place.append(el("p", { class: "buttons" }, make), said);
}

class Maker {
  constructor(
    private readonly whole: TakeAway,
    private readonly blocks: Blocks,
    private readonly session: Session,
    private readonly loader: FragmentLoader,
  ) {}

  /** Makes the file and hands it over, unless nobody waits for it; says what is in it. */
  async make(progress: (share: number) => boolean): Promise<string> {
    const pages = await this.#openPages();
    const opened = new Map<string, OpenedSection>();
    for (const [at, record] of this.whole.records.entries()) {
      await this.#openRecord(record, pages, opened);
      if (!progress(Math.round(((at + 1) / this.whole.records.length) * 100))) {
        return "";
      }
    }
    const files = [
      { name: "about-me.md", text: formatText(this.whole, opened) },
      { name: "about-me.json", text: formatData(this.whole, opened) },
    ];
    downloadBytes(
      `take-away-${this.whole.day}.zip`,
      "application/zip",
      zipOf(files, this.whole.day),
    );
    return `The file is in your downloads. ${describeFile(this.whole, opened)}`;
  }

  /** The blocks of every page that holds some of it. */
  async #openPages(): Promise<ReadonlyMap<string, Blocks>> {
    const wanted = new Set(
      this.whole.records.flatMap(({ sections }) => sections.map(({ page }) => page)),
    );
    const found = new Map<string, Blocks>();
    for (const path of wanted) {
      const page = this.session.find(path);
      if (page !== undefined) {
        const fragment = await this.loader.open(page.name, page.keys);
        found.set(path, readPage(fragment).blocks);
      }
    }
    return found;
  }

  async #openRecord(
    record: KeptRecord,
    pages: ReadonlyMap<string, Blocks>,
    opened: Map<string, OpenedSection>,
  ): Promise<void> {
    for (const { mine, name, page, block: id } of record.sections) {
      const block = page === "" ? this.blocks.get(id) : findBlock(pages.get(page), record.id, name);
      const payload = mine && block !== undefined ? await this.#open(block) : undefined;
      if (payload !== undefined) {
        opened.set(placeOf(record.id, name), payload);
      }
    }
  }

  /** A part that doesn't open is left out; the file says so in its place. */
  async #open(block: PageBlock): Promise<OpenedSection | undefined> {
    try {
      const payload = await this.session.open(block);
      const authorship = authorshipOf(payload, block, block.signers);
      return { ...payload, byline: bylineOf(authorship, block.signers) };
    } catch (error) {
      if (error instanceof Problem) {
        return undefined;
      }
      throw error;
    }
  }
}

function findBlock(
  blocks: Blocks | undefined,
  record: string,
  section: string,
): PageBlock | undefined {
  return [...(blocks?.values() ?? [])].find(
    (block) => block.record === record && block.section === section,
  );
}
