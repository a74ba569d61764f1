// What can go wrong, each with the calm sentence that a reader sees.

export type Kind =
  | "unknown-person"
  | "wrong-passphrase"
  | "needs-key-file"
  | "key-file"
  | "not-a-reader"
  | "older-key"
  | "damaged"
  | "newer-format"
  | "missing"
  | "older-page"
  | "cannot-seal"
  | "unforeseen";

export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly kind: Kind,
    message: string,
    /** What the reader can do next, a sentence; empty if nothing helps. */
    readonly hint = "",
  ) {
    super(message);
  }

  /** Message and hint as they are shown. */
  get sentence(): string {
    return this.hint === "" ? this.message : `${this.message} ${this.hint}`;
  }
}

export function damaged(what: string): Problem {
  return new Problem(
    "damaged",
    `This part stays closed: ${what}.`,
    "It may have been damaged or changed after it was sealed. Ask whoever looks after the records to restore the last good copy.",
  );
}

export function notAReader(): Problem {
  return new Problem(
    "not-a-reader",
    "This part is sealed for other readers, and you are not one of them.",
  );
}

export function olderKey(): Problem {
  return new Problem(
    "older-key",
    "This part was sealed to an earlier key of yours.",
    "Ask whoever looks after the records to seal it again for your key of today.",
  );
}

export function keptWithEarlierKey(): Problem {
  return new Problem(
    "older-key",
    "You were signed in on this device with an earlier key, which opens nothing here any more.",
    "Unlock with the passphrase of your key of today.",
  );
}

export function olderPage(): Problem {
  return new Problem(
    "older-page",
    "This page is older than what it reads: the portal has been built again since.",
    "Reload the page, then unlock once more. Nothing is wrong with your passphrase.",
  );
}

/** The problem that was thrown, or a plain one for anything that was not foreseen. */
export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : unforeseen();
}

function unforeseen(): Problem {
  return new Problem(
    "unforeseen",
    "Something happened that the portal was not made for.",
    "Reload the page and try again; if it stays so, tell whoever looks after the portal.",
  );
}
