// Starts the portal: explains why it can't run here, or wires gate, desk and locks together.

import { Desk } from "./desk.ts";
import { meta, required, ShellError } from "./dom.ts";
import {
  explainBlock,
  isProtected,
  OLDER_PAGE,
  surroundings,
  type Explanation,
} from "./explain.ts";
import { FragmentLoader } from "./fragments.ts";
import { Gate } from "./gate.ts";
import { IdleWatch } from "./idle.ts";
import { KeyMaker } from "./makekey.ts";
import { Keeper } from "./kept.ts";
import { unfoldOnPaper } from "./paper.ts";
import { asProblem, keptWithEarlierKey } from "./problems.ts";
import type { Session } from "./session.ts";
import { BrowserShelf } from "./shelf.ts";
import { Staying } from "./staying.ts";
import { Tabs } from "./tabs.ts";
import { reopen, unlock, type Attempt } from "./unlock.ts";

const DEFAULT_IDLE_MINUTES = 10;

function start(): void {
  const block = explainBlock(surroundings(window));
  if (block !== undefined) {
    showBlock(block);
    return;
  }
  try {
    new Portal().start();
  } catch (error) {
    if (!(error instanceof ShellError)) {
      throw error;
    }
    showBlock(OLDER_PAGE);
  }
}

function showBlock({ title, text }: Explanation): void {
  const heading = required("#blocked-title", HTMLElement);
  document.body.dataset["state"] = "blocked";
  required("#starting", HTMLElement).hidden = true;
  required("#blocked", HTMLElement).hidden = false;
  required("#blocked-text", HTMLElement).textContent = text;
  heading.textContent = title;
  heading.focus();
}

class Portal {
  readonly #loader = new FragmentLoader(meta("coachbook-edition"));
  readonly #desk = new Desk(this.#loader);
  readonly #gate = new Gate((attempt, progress) => this.#unlock(attempt, progress));
  readonly #idle: IdleWatch;
  readonly #tabs: Tabs;
  readonly #staying: Staying;
  /** How often another tab was locked, for a tab that is just being opened. */
  #locks = 0;
  readonly #salt = meta("coachbook-salt");
  readonly #maker = new KeyMaker(
    () => this.#loader.words(),
    meta("coachbook-publishes-keys"),
    (length) => crypto.getRandomValues(new Uint8Array(length)),
    () => new Date(),
    () => this.#showGate(),
  );
  readonly #dialog = required("#idle", HTMLDialogElement);
  readonly #dialogText = required("#idle-text", HTMLElement);

  constructor() {
    const now = (): number => Date.now();
    const minutes = Number(meta("coachbook-idle-minutes")) || DEFAULT_IDLE_MINUTES;
    const hours = Number(meta("coachbook-stay-hours"));
    this.#idle = new IdleWatch(
      minutes,
      {
        alive: () => this.#tabs.tellAlive(),
        warn: (seconds) => this.#warn(seconds),
        calm: () => this.#dialog.close(),
        lock: () => this.#lockAll("Locked, as nothing happened for a while"),
      },
      now,
    );
    this.#tabs = new Tabs(
      this.#salt,
      {
        alive: () => this.#idle.touch(),
        locked: () => {
          this.#locks += 1;
          this.#lock("Locked in another tab");
        },
        wouldLose: () => this.#desk.wouldLose,
      },
      now,
    );
    const keeper = new Keeper(new BrowserShelf(), this.#salt, hours, now);
    this.#staying = new Staying(isProtected(window.location) ? keeper : undefined, now);
  }

  start(): void {
    required("#lock", HTMLButtonElement).addEventListener("click", () => void this.#lockByHand());
    required("#stay", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    window.addEventListener("hashchange", () => this.#follow());
    unfoldOnPaper(window, required("#content", HTMLElement));
    window.addEventListener("keydown", (event) => this.#findByKey(event));
    window.addEventListener("pagehide", () => this.#leave());
    window.addEventListener("pageshow", ({ persisted }) => {
      if (persisted) {
        void this.#arrive();
      }
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.#desk.wouldLose || this.#maker.wouldLose) {
        event.preventDefault();
      }
    });
    this.#takePerson();
    if (!this.#takeInvitation()) {
      void this.#arrive();
    }
  }

  /** Opens the pages of whoever is signed in on this device, or asks who it is. */
  async #arrive(): Promise<void> {
    this.#tabs.join();
    const locks = this.#locks;
    const kept = await this.#staying.recall();
    if (kept === undefined || !this.#gate.isOpenTo(kept.person)) {
      this.#showGate();
      return;
    }
    try {
      const session = await reopen(this.#loader, this.#salt, kept.person, kept.identities);
      if (this.#locks !== locks) {
        this.#showGate();
        return;
      }
      this.#staying.show(kept);
      await this.#open(session);
    } catch (error) {
      this.#showGate();
      await this.#refuse(error);
    }
  }

  /** Whoever was signed in here can't be let in: with a new key never again, offline later. */
  async #refuse(error: unknown): Promise<void> {
    try {
      const isOver = asProblem(error).kind === "key-file";
      if (isOver) {
        await this.#staying.forget();
      }
      this.#gate.explain(isOver ? keptWithEarlierKey() : error);
    } catch (worse) {
      this.#gate.explain(worse);
    }
  }

  async #unlock(attempt: Attempt, progress: (share: number) => void): Promise<void> {
    const { session, identities } = await unlock(this.#loader, this.#salt, attempt, progress);
    await this.#staying.settle(attempt.person, identities);
    await this.#open(session);
  }

  async #open(session: Session): Promise<void> {
    required("#starting", HTMLElement).hidden = true;
    this.#gate.hide();
    document.body.dataset["state"] = "open";
    this.#idle.start(document);
    await this.#desk.open(session, window.location.hash);
  }

  #showGate(): void {
    required("#starting", HTMLElement).hidden = true;
    document.body.dataset["state"] = "locked";
    this.#gate.show();
  }

  /** Forgets who is signed in before anything else: the tab may be closed the next moment. */
  async #lockByHand(): Promise<void> {
    const forgotten = this.#staying.forget();
    forgotten.catch(() => undefined);
    const loses = this.#desk.wouldLose || (await this.#tabs.wouldLose());
    if (!loses || window.confirm(LOSE)) {
      this.#lockAll("Locked", forgotten);
      this.#emptyAddress();
    }
  }

  /** Locks every tab, also one that was being opened meanwhile, and ends staying signed in. */
  #lockAll(title: string, forgotten = this.#staying.forget()): void {
    this.#lock(title);
    this.#tabs.tellLocked();
    forgotten.then(
      () => this.#tabs.tellLocked(),
      (error: unknown) => this.#gate.explain(error),
    );
  }

  /** The page is left, and may come back as it was: locked, unless this device keeps it open. */
  #leave(): void {
    this.#lock("Unlock your pages");
    this.#maker.hide();
    this.#tabs.leave();
  }

  #lock(title: string): void {
    if (!this.#desk.isOpen) {
      return;
    }
    this.#staying.hide();
    this.#idle.stop(document);
    this.#dialog.close();
    this.#desk.close();
    this.#gate.announce(title);
    this.#showGate();
  }

  #warn(seconds: number): void {
    const loss = this.#desk.wouldLose
      ? " What you have written and not taken along would be lost."
      : "";
    this.#dialogText.textContent = `The portal locks in ${seconds} seconds.${loss}`;
    if (!this.#dialog.open) {
      this.#dialog.showModal();
    }
  }

  /** Ctrl+K, or Command+K, leads to the page for finding. */
  #findByKey(event: KeyboardEvent): void {
    const isFind = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    if (isFind && this.#desk.isOpen && !this.#dialog.open) {
      event.preventDefault();
      this.#desk.find();
    }
  }

  /** The address has changed: another page, or a personal link. */
  #follow(): void {
    const { hash } = window.location;
    if (this.#takeInvitation()) {
      return;
    }
    if (this.#takePerson() || hash === this.#desk.address) {
      return;
    }
    if (this.#desk.wouldLose && !window.confirm(LOSE)) {
      window.history.replaceState(null, "", this.#desk.address);
      return;
    }
    void this.#desk.go(hash);
  }

  /** Fills in the person of a personal link, then takes the name out of the address. */
  #takePerson(): boolean {
    const taken = this.#gate.takePerson(window.location.hash);
    if (taken) {
      this.#emptyAddress();
    }
    return taken;
  }

  /** Leads an invitation to where a key is made; whoever is in already stays where they are. */
  #takeInvitation(): boolean {
    if (this.#maker.isOpen || !this.#maker.take(window.location.hash)) {
      return false;
    }
    if (this.#desk.isOpen) {
      window.history.replaceState(null, "", this.#desk.address);
      return true;
    }
    this.#emptyAddress();
    required("#starting", HTMLElement).hidden = true;
    this.#gate.hide();
    document.body.dataset["state"] = "making";
    this.#maker.show();
    return true;
  }

  /** Leaves no page and no name in the address. */
  #emptyAddress(): void {
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
  }
}

const LOSE = "What you have written has not left this browser yet and would be lost. Leave it?";

start();
