// Starts the portal: explains why it can't run here, or wires gate, desk and locks together.

import { Desk } from "./desk.ts";
import { meta, required } from "./dom.ts";
import { explainBlock, surroundings, type Explanation } from "./explain.ts";
import { FragmentLoader } from "./fragments.ts";
import { Gate } from "./gate.ts";
import { IdleWatch } from "./idle.ts";
import { unfoldOnPaper } from "./paper.ts";
import { unlock } from "./unlock.ts";

const DEFAULT_IDLE_MINUTES = 10;

function start(): void {
  required("#starting", HTMLElement).hidden = true;
  const block = explainBlock(surroundings(window));
  if (block === undefined) {
    new Portal().start();
  } else {
    showBlock(block);
  }
}

function showBlock({ title, text }: Explanation): void {
  const heading = required("#blocked-title", HTMLElement);
  document.body.dataset["state"] = "blocked";
  required("#blocked", HTMLElement).hidden = false;
  required("#blocked-text", HTMLElement).textContent = text;
  heading.textContent = title;
  heading.focus();
}

class Portal {
  readonly #loader = new FragmentLoader();
  readonly #desk = new Desk(this.#loader);
  readonly #gate: Gate;
  readonly #idle: IdleWatch;
  readonly #dialog = required("#idle", HTMLDialogElement);
  readonly #dialogText = required("#idle-text", HTMLElement);

  constructor() {
    const salt = meta("coachbook-salt");
    this.#gate = new Gate(async (attempt, progress) => {
      const session = await unlock(this.#loader, salt, attempt, progress);
      this.#gate.hide();
      document.body.dataset["state"] = "open";
      this.#idle.start(document);
      await this.#desk.open(session, window.location.hash);
    });
    const minutes = Number(meta("coachbook-idle-minutes")) || DEFAULT_IDLE_MINUTES;
    const actions = {
      warn: (seconds: number) => this.#warn(seconds),
      calm: () => this.#dialog.close(),
      lock: () => this.#lock("Locked, as nothing happened for a while"),
    };
    this.#idle = new IdleWatch(minutes, actions, () => Date.now());
  }

  start(): void {
    required("#lock", HTMLButtonElement).addEventListener("click", () => this.#lockByHand());
    required("#stay", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    window.addEventListener("hashchange", () => this.#follow());
    unfoldOnPaper(window, required("#content", HTMLElement));
    window.addEventListener("keydown", (event) => this.#findByKey(event));
    window.addEventListener("pagehide", () => this.#lock("Unlock your pages"));
    window.addEventListener("beforeunload", (event) => {
      if (this.#desk.wouldLose) {
        event.preventDefault();
      }
    });
    this.#takePerson();
    this.#showGate();
  }

  #showGate(): void {
    document.body.dataset["state"] = "locked";
    this.#gate.show();
  }

  #lockByHand(): void {
    if (!this.#desk.wouldLose || window.confirm(LOSE)) {
      this.#lock("Locked");
      this.#emptyAddress();
    }
  }

  #lock(title: string): void {
    if (!this.#desk.isOpen) {
      return;
    }
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

  /** Leaves no page and no name in the address. */
  #emptyAddress(): void {
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
  }
}

const LOSE = "What you have written has not left this page yet and would be lost. Leave it?";

start();
