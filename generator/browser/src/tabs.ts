// What the tabs of one portal tell each other: that somebody is there, and that it was locked.

const QUIET = 5_000;
const ANSWER_WITHIN = 150;

/** All that ever passes between tabs. */
type Word = "alive" | "locked" | "writing?" | "writing";

export interface TabActions {
  /** Somebody is active in another tab. */
  readonly alive: () => void;
  /** Another tab was locked. */
  readonly locked: () => void;
  /** Whether something in this tab would be lost. */
  readonly wouldLose: () => boolean;
}

export class Tabs {
  #channel: BroadcastChannel | undefined;
  #told = -Infinity;

  constructor(
    private readonly portal: string,
    private readonly actions: TabActions,
    private readonly now: () => number,
  ) {}

  /** Listens, until the page is left. */
  join(): void {
    if (this.#channel === undefined) {
      this.#channel = openChannel(`coachbook ${this.portal}`);
      this.#channel?.addEventListener("message", ({ data }: MessageEvent<Word>) =>
        this.#hear(data),
      );
    }
  }

  leave(): void {
    this.#channel?.close();
    this.#channel = undefined;
  }

  /** Told once in a few seconds at most. */
  tellAlive(): void {
    if (this.now() - this.#told >= QUIET) {
      this.#told = this.now();
      this.#tell("alive");
    }
  }

  tellLocked(): void {
    this.#tell("locked");
  }

  /** Whether something in another tab would be lost, as far as one answers at once. */
  wouldLose(): Promise<boolean> {
    const channel = this.#channel;
    if (channel === undefined) {
      return Promise.resolve(false);
    }
    return new Promise((resolve) => {
      const hear = ({ data }: MessageEvent<Word>): void => {
        if (data === "writing") {
          resolve(true);
        }
      };
      channel.addEventListener("message", hear);
      setTimeout(() => {
        channel.removeEventListener("message", hear);
        resolve(false);
      }, ANSWER_WITHIN);
      this.#tell("writing?");
    });
  }

  #hear(word: Word): void {
    if (word === "alive") {
      this.actions.alive();
    } else if (word === "locked") {
      this.actions.locked();
    } else if (word === "writing?" && this.actions.wouldLose()) {
      this.#tell("writing");
    }
  }

  #tell(word: Word): void {
    this.#channel?.postMessage(word);
  }
}

/** The channel; undefined where the browser has none for this page, which then locks alone. */
function openChannel(name: string): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(name);
  } catch {
    return undefined;
  }
}
