// Finding things from unlocking to locking: one index, filled when it is first asked for.

import { FindPage, type Question } from "./findpage.ts";
import type { FragmentLoader } from "./fragments.ts";
import { Gatherer } from "./gather.ts";
import { SearchIndex } from "./search.ts";
import type { Session } from "./session.ts";

export class Finder {
  readonly #index = new SearchIndex();
  readonly #question: Question = { words: "", shown: 0 };
  readonly #gatherer: Gatherer;
  #page: FindPage | undefined;
  #running = false;

  constructor(loader: FragmentLoader, session: Session, calm: () => Promise<void>) {
    this.#gatherer = new Gatherer(loader, session, this.#index, calm, (progress) =>
      this.#page?.advance(progress),
    );
  }

  /** The page for finding; opening it starts the reading. */
  open(): FindPage {
    if (!this.#running) {
      this.#running = true;
      void this.#gatherer.run();
    }
    this.#page = new FindPage(this.#index, this.#question, this.#gatherer.progress);
    return this.#page;
  }

  /** The page is no longer shown; the reading goes on. */
  leave(): void {
    this.#page = undefined;
  }

  /** Stops reading and forgets every word. */
  close(): void {
    this.leave();
    this.#gatherer.stop();
    this.#index.clear();
    this.#question.words = "";
  }
}
