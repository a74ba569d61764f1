// The locked face: person, passphrase, key file where needed, and what went wrong in words.

import { required } from "./dom.ts";
import { asProblem } from "./problems.ts";
import type { Attempt } from "./unlock.ts";

const PERSON_LINK = /^#person=(.*)$/u;

/** Opens a session from what was typed, or throws a Problem. */
export type Opening = (attempt: Attempt, progress: (share: number) => void) => Promise<void>;

export class Gate {
  readonly #root = required("#gate", HTMLElement);
  readonly #title = required("#gate-title", HTMLElement);
  readonly #form = required("#unlock", HTMLFormElement);
  readonly #person = required("#person", HTMLInputElement);
  readonly #passphrase = required("#passphrase", HTMLInputElement);
  readonly #keyField = required("#key-field", HTMLElement);
  readonly #keyFile = required("#key-file", HTMLInputElement);
  readonly #show = required("#show", HTMLButtonElement);
  readonly #go = required("#go", HTMLButtonElement);
  readonly #problem = required("#problem", HTMLElement);
  readonly #status = required("#status", HTMLElement);
  readonly #working = required("#working", HTMLElement);
  readonly #progress = required("#progress", HTMLProgressElement);
  #busy = false;

  constructor(private readonly opening: Opening) {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#submit();
    });
    this.#show.addEventListener("click", () => this.#reveal(this.#passphrase.type === "password"));
    for (const one of this.#root.querySelectorAll<HTMLButtonElement>("button[data-person]")) {
      one.addEventListener("click", () => this.#tryAs(one));
    }
  }

  /** Shows the empty form; a personal link fills in the person. */
  show(): void {
    this.#root.hidden = false;
    this.#forget();
    this.#keyField.hidden = true;
    if (this.#person.value === "") {
      this.#person.focus();
    } else {
      this.#passphrase.focus();
    }
  }

  hide(): void {
    this.#root.hidden = true;
    this.#forget();
  }

  /** Says above the form, and aloud, why it is locked. */
  announce(title: string): void {
    this.#title.textContent = title;
    this.#status.textContent = title;
  }

  /** The person of a link such as `#person=wren.ashgrove`; true if it was one. */
  takePerson(hash: string): boolean {
    const name = PERSON_LINK.exec(hash)?.[1];
    if (name !== undefined) {
      this.#person.value = safeDecode(name);
    }
    return name !== undefined;
  }

  /** Whether nobody else has been named than this person. */
  isOpenTo(person: string): boolean {
    const named = this.#person.value.trim().toLowerCase();
    return named === "" || named === person.trim().toLowerCase();
  }

  /** Says what went wrong, and leads to where it can be mended. */
  explain(error: unknown): void {
    this.#fail(error);
  }

  /** Empties what must not stay: passphrase, key file, messages. */
  #forget(): void {
    this.#passphrase.value = "";
    this.#keyFile.value = "";
    this.#problem.textContent = "";
    this.#reveal(false);
  }

  #reveal(shown: boolean): void {
    this.#passphrase.type = shown ? "text" : "password";
    this.#show.setAttribute("aria-pressed", String(shown));
  }

  #tryAs(one: HTMLButtonElement): void {
    if (!this.#busy) {
      this.#person.value = one.dataset["person"] ?? "";
      this.#passphrase.value = one.dataset["passphrase"] ?? "";
      this.#form.requestSubmit();
    }
  }

  async #submit(): Promise<void> {
    const empty = [this.#person, this.#passphrase].find((field) => field.value.trim() === "");
    if (empty !== undefined) {
      this.#say(
        empty === this.#person ? "Type the name on your welcome card." : "Type your passphrase.",
        empty,
      );
      return;
    }
    if (this.#busy) {
      return;
    }
    this.#setBusy(true);
    try {
      await this.opening(await this.#attempt(), (share) => (this.#progress.value = share));
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#setBusy(false);
    }
  }

  async #attempt(): Promise<Attempt> {
    const file = this.#keyFile.files?.[0];
    return {
      person: this.#person.value,
      passphrase: this.#passphrase.value,
      keyFile: await file?.text(),
    };
  }

  #fail(error: unknown): void {
    const problem = asProblem(error);
    if (problem.kind === "needs-key-file" || !this.#keyField.hidden) {
      this.#keyField.hidden = false;
    }
    const fields: Record<string, HTMLElement> = {
      "unknown-person": this.#person,
      "needs-key-file": this.#keyFile,
      "key-file": this.#keyField.hidden ? this.#go : this.#keyFile,
      "wrong-passphrase": this.#passphrase,
    };
    this.#say(problem.sentence, fields[problem.kind] ?? this.#go);
  }

  #say(sentence: string, field: HTMLElement): void {
    this.#problem.textContent = sentence;
    for (const input of [this.#person, this.#passphrase, this.#keyFile]) {
      input.setAttribute("aria-invalid", String(input === field));
    }
    field.focus();
    if (field === this.#passphrase) {
      this.#passphrase.select();
    }
  }

  #setBusy(busy: boolean): void {
    this.#busy = busy;
    this.#go.disabled = busy;
    this.#progress.value = 0;
    this.#working.hidden = !busy;
    if (busy) {
      this.#problem.textContent = "";
    }
  }
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
