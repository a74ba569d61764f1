// What a page goes on about and does not hold itself: the sections on the reader's other pages.

import type { FragmentLoader } from "./fragments.ts";
import { Problem } from "./problems.ts";
import type { Keys } from "./readers.ts";
import type { Session } from "./session.ts";
import { readPage, type Blocks, type PageBlock } from "./shapes.ts";

/** The sealed sections of another page of the reader; rejects with a Problem where it is closed. */
export type OtherPage = (path: string) => Promise<Blocks>;

export function otherPages(loader: FragmentLoader, session: Session): OtherPage {
  return async (path) => {
    const page = session.find(path);
    if (page === undefined) {
      throw new Problem(
        "missing",
        "A page that this one goes on to is not among yours.",
        "Tell whoever looks after the portal.",
      );
    }
    return readPage(await loader.open(page.name, page.keys)).blocks;
  };
}

export interface Wanted {
  /** The names of sections that hold steps. */
  readonly sections: readonly string[];
  /** Whether only what was sealed to the reader counts, and the rest is not even told of. */
  readonly mineOnly: boolean;
}

/** The sections of sessions on that page which hold steps, each with the way back to the page. */
export function stepsOn(
  blocks: Blocks,
  path: string,
  { sections, mineOnly }: Wanted,
  keys: Keys,
): PageBlock[] {
  return [...blocks.values()]
    .filter(({ type, section }) => type === "session" && sections.includes(section))
    .filter(({ readers }) => !mineOnly || readers.some(([reader]) => keys.has(reader)))
    .map((block) => ({ ...block, path }));
}
