// "Keep me signed in on this device": offered where it can hold, and explained where it can't.

import { required } from "./dom.ts";
import type { Keeper, Kept } from "./kept.ts";
import { Problem } from "./problems.ts";

const BLOCKED =
  "This browser keeps nothing for this page, as in a private window or where storage is blocked. You type your passphrase each time.";

const LONGEST_LOOK = 5_000;

/** The tick box, and the line that says until when somebody is signed in. */
export class Staying {
  readonly #field = document.querySelector<HTMLElement>("#stay-field");
  readonly #box = document.querySelector<HTMLInputElement>("#stay-signed-in");
  readonly #help = document.querySelector<HTMLElement>("#stay-help");
  readonly #line = required("#kept", HTMLElement);
  #keeper: Keeper | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Without a keeper, as in a page from a folder, nothing is offered and nothing is kept. */
  constructor(
    keeper: Keeper | undefined,
    private readonly now: () => number,
  ) {
    this.#keeper = keeper;
  }

  /** Who is signed in on this device; offers the box where it can hold. */
  async recall(): Promise<Kept | undefined> {
    const keeper = this.#keeper;
    if (keeper !== undefined && this.#field !== null) {
      this.#field.hidden = false;
    }
    try {
      return await inTime(keeper?.recall());
    } catch {
      this.#giveUp();
      return undefined;
    }
  }

  /** Keeps whoever has typed their passphrase if they ticked the box, and nobody if they did not. */
  async settle(person: string, identities: string): Promise<void> {
    if (this.#box?.checked !== true) {
      await this.forget();
      return;
    }
    try {
      const kept = await this.#keeper?.keep(person, identities);
      if (kept !== undefined) {
        this.show(kept);
      }
    } catch {
      this.#say("(this device could not keep you signed in)");
    }
  }

  /** Says until when, and ends it then. */
  show({ until }: Kept): void {
    const time = new Date(until).toLocaleTimeString("en-GB", {
      hour: "2-digit",
      minute: "2-digit",
    });
    this.#say(`(signed in here until ${time})`);
    clearTimeout(this.#timer);
    // What the timer can't remove, the next look at it does.
    const end = (): void => void this.forget().catch(() => undefined);
    this.#timer = setTimeout(end, Math.max(0, until - this.now()));
  }

  /** Takes the line away, as the page is locked or left; whoever is signed in stays so. */
  hide(): void {
    clearTimeout(this.#timer);
    this.#say("");
    if (this.#box !== null) {
      this.#box.checked = false;
    }
  }

  /** Nobody is signed in on this device any more; throws a Problem where the browser fails. */
  async forget(): Promise<void> {
    this.hide();
    try {
      await this.#keeper?.forget();
    } catch {
      throw new Problem(
        "unforeseen",
        "This browser could not forget that you are signed in.",
        "Clear what it has stored for this address in its settings, under privacy.",
      );
    }
  }

  #say(line: string): void {
    this.#line.textContent = line;
    this.#line.hidden = line === "";
  }

  /** The browser keeps nothing: that is said where the box stands. */
  #giveUp(): void {
    this.#keeper = undefined;
    if (this.#box !== null && this.#help !== null) {
      this.#box.disabled = true;
      this.#help.textContent = BLOCKED;
    }
  }
}

/** What comes in time; rejects otherwise, as a browser may never answer where storage is broken. */
function inTime<T>(looking: Promise<T> | undefined): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("no answer")), LONGEST_LOOK);
    Promise.resolve(looking)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}
