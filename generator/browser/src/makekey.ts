// The page on which somebody makes their key, before they can unlock anything.

import { el, required } from "./dom.ts";
import { downloadText } from "./download.ts";
import { drawWords, isTyped, makeKey, type KeyFiles, type Random } from "./newkey.ts";
import { asProblem } from "./problems.ts";

const INVITATION = /^#new-key(?:=(.*))?$/u;
const OWNER = /^(p-[a-z0-9]{4,16})(?:\.([1-9][0-9]{0,5}))?$/u;
const KIND = "text/plain";

/** Who may put a protected key beside the portal: every school, none, or only some of them. */
type Publishing = "all" | "none" | "some";

type Step = "begin" | "words" | "typed" | "files";
const STEPS: readonly Step[] = ["begin", "words", "typed", "files"];

export class KeyMaker {
  readonly #root = required("#make-key", HTMLElement);
  readonly #owner = required("#make-owner", HTMLInputElement);
  readonly #typed = required("#make-typed", HTMLInputElement);
  readonly #problem = required("#make-problem", HTMLElement);
  readonly #words = required("#make-words", HTMLOListElement);
  readonly #fingerprint = required("#make-fingerprint", HTMLElement);
  readonly #publicFile = required("#make-public", HTMLButtonElement);
  readonly #privateFile = required("#make-private", HTMLButtonElement);
  readonly #what = required("#make-what", HTMLElement);
  #passphrase: readonly string[] = [];
  #files: KeyFiles | undefined;
  readonly #taken = new Set<string>();

  constructor(
    private readonly list: () => Promise<readonly string[]>,
    private readonly publishing: string,
    private readonly random: Random,
    private readonly today: () => Date,
    leave: () => void,
  ) {
    this.#submits("#make-begin", () => this.#begin());
    this.#submits("#make-check", () => this.#check());
    const presses: Record<string, () => void> = {
      "#make-written": () => this.#show("typed"),
      "#make-again": () => this.#show("words"),
      "#make-back": () => this.#leave(leave),
      "#make-done": () => this.#leave(leave),
    };
    for (const [selector, press] of Object.entries(presses)) {
      required(selector, HTMLButtonElement).addEventListener("click", press);
    }
    this.#publicFile.addEventListener("click", () => this.#download("public"));
    this.#privateFile.addEventListener("click", () => this.#download("private"));
  }

  /** Whether the page is shown. */
  get isOpen(): boolean {
    return !this.#root.hidden;
  }

  /** Whether a key was begun and not both of its files have been taken yet. */
  get wouldLose(): boolean {
    return this.isOpen && this.#passphrase.length > 0 && this.#taken.size < 2;
  }

  /** Who is invited by an address such as `#new-key=p-7kq2m4xa.1`; true if it is one. */
  take(hash: string): boolean {
    const found = INVITATION.exec(hash);
    if (found === null) {
      return false;
    }
    this.#owner.value = plain(found[1] ?? "");
    return true;
  }

  show(): void {
    this.#root.hidden = false;
    this.#forget();
    this.#show("begin");
  }

  /** Takes the page away with every word on it. */
  hide(): void {
    this.#root.hidden = true;
    this.#owner.value = "";
    this.#forget();
  }

  #forget(): void {
    this.#passphrase = [];
    this.#files = undefined;
    this.#taken.clear();
    this.#typed.value = "";
    this.#words.replaceChildren();
    this.#fingerprint.textContent = "";
    this.#say("");
  }

  #leave(leave: () => void): void {
    if (!this.wouldLose || window.confirm(LOSE)) {
      this.hide();
      leave();
    }
  }

  #show(step: Step): void {
    for (const one of STEPS) {
      required(`#make-step-${one}`, HTMLElement).hidden = one !== step;
    }
    this.#say("");
    const focus = step === "typed" ? this.#typed : required(`#make-title-${step}`, HTMLElement);
    (step === "begin" && this.#owner.value === "" ? this.#owner : focus).focus();
  }

  async #begin(): Promise<void> {
    if (this.#named() === undefined) {
      this.#say("That is not an id such as p-7kq2m4xa. It stands in your invitation.");
      this.#owner.focus();
      return;
    }
    this.#passphrase = drawWords(await this.list(), this.random);
    this.#words.replaceChildren(...this.#passphrase.map((word) => el("li", {}, word)));
    this.#show("words");
  }

  async #check(): Promise<void> {
    const named = this.#named();
    if (named === undefined || !isTyped(this.#passphrase, this.#typed.value)) {
      this.#say("Those are not the six words in their order. Look at your paper, or at the words.");
      this.#typed.focus();
      return;
    }
    const owner = { ...named, created: day(this.today()) };
    this.#files = await makeKey(owner, this.#passphrase, this.random);
    this.#typed.value = "";
    this.#words.replaceChildren();
    this.#fingerprint.textContent = grouped(this.#files.readOut);
    this.#publicFile.textContent = `Download ${this.#files.publicName}`;
    this.#privateFile.textContent = `Download ${this.#files.privateName}`;
    this.#what.textContent = whatToDo(this.#files, this.publishing as Publishing);
    this.#show("files");
  }

  #named(): { readonly id: string; readonly generation: number } | undefined {
    const [, id, generation = "1"] = OWNER.exec(this.#owner.value.trim().toLowerCase()) ?? [];
    return id === undefined ? undefined : { id, generation: Number(generation) };
  }

  #download(half: "public" | "private"): void {
    const files = this.#files;
    if (files === undefined) {
      return;
    }
    this.#taken.add(half);
    const { publicName, publicText, privateName, privateText } = files;
    const [name, text] = half === "public" ? [publicName, publicText] : [privateName, privateText];
    downloadText(name, KIND, text);
  }

  #say(sentence: string): void {
    this.#problem.textContent = sentence;
  }

  /** Runs what a form is for once at a time, and says what went wrong. */
  #submits(selector: string, run: () => Promise<void>): void {
    const form = required(selector, HTMLFormElement);
    const go = required(`${selector} button`, HTMLButtonElement);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (go.disabled) {
        return;
      }
      go.disabled = true;
      nextPaint()
        .then(run)
        .catch((error: unknown) => this.#say(asProblem(error).sentence))
        .finally(() => (go.disabled = false));
    });
  }
}

/** Once the page shows that something is going on: making a key keeps it busy for a while. */
function nextPaint(): Promise<unknown> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
}

const LOSE = "Not both files of your key have been saved, and they would be lost. Leave it?";

/** What becomes of the two files, as the schools' policies say. */
function whatToDo({ publicName, privateName }: KeyFiles, publishing: Publishing): string {
  const keep = `Keep ${privateName} and a copy of it: the portal asks for it.`;
  return {
    all: `Send both files to whoever invited you, and keep a copy of ${privateName}.`,
    none: `Send ${publicName} to whoever invited you. ${keep} Send it to nobody.`,
    some: `Send ${publicName} to whoever invited you. ${keep} Send it only if your invitation says so.`,
  }[publishing];
}

/** A fingerprint in groups of letters, as people read it out. */
function grouped(fingerprint: string): string {
  return fingerprint.replace(/(.{4})(?=.)/gu, "$1 ");
}

/** The day on this device, which is where the key is made. */
function day(now: Date): string {
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
