// Loads fragments by a classic script tag, which works over http(s) and from a folder alike.

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { toBytes, toHex } from "./encoding.ts";
import type { Json } from "./json.ts";
import type { Key } from "./keys.ts";
import { olderPage, Problem } from "./problems.ts";
import { openFragment } from "./sealing.ts";
import { isFragmentName, readWords } from "./shapes.ts";

const FOLDER = "data/";
const EDITION = "edition";
const WORDS = "words";
const WORDS_FILE = "assets/words.js";
const EDITION_FILE = "assets/edition.js";
const EDITION_WORD = /^[0-9a-f]{0,64}$/u;
const NAME_LENGTH = 32;

declare global {
  interface Window {
    coachbook?: { readonly put: (name: string, value: Json) => void };
  }
}

/** The name of a person's entry, which says nothing of the person to whoever lists the files. */
export function entryName(salt: string, person: string): string {
  const message = toBytes(`entry:${person.trim().toLowerCase()}`);
  return toHex(hmac(sha256, toBytes(salt), message)).slice(0, NAME_LENGTH);
}

export class FragmentLoader {
  readonly #waiting = new Map<string, (value: Json) => void>();
  readonly #loading = new Map<string, Promise<Json>>();
  readonly #policy = window.trustedTypes?.createPolicy("coachbook", {
    createScriptURL: (name) => scriptUrl(name, this.edition),
  });

  /** Makes the one function that fragment scripts call; `edition` is that of the page. */
  constructor(private readonly edition: string) {
    const put = (name: string, value: Json): void => this.#waiting.get(name)?.(value);
    Object.defineProperty(window, "coachbook", { value: Object.freeze({ put }) });
  }

  /** What the fragment's script hands over; throws a Problem if there is no such fragment. */
  async load(name: string): Promise<Json> {
    try {
      return await this.#load(name);
    } catch (error) {
      throw await this.told(error);
    }
  }

  #load(name: string): Promise<Json> {
    const loading = this.#loading.get(name) ?? this.#request(name);
    this.#loading.set(name, loading);
    return loading;
  }

  /** The words that a passphrase is made of; throws a Problem where they can't be loaded. */
  async words(): Promise<readonly string[]> {
    return readWords(await this.load(WORDS));
  }

  /** The fragment opened; throws a Problem where it is missing, damaged or for other readers. */
  async open(name: string, keys: readonly Key[]): Promise<Json> {
    const value = await this.load(name);
    try {
      return await openFragment(name, value, keys);
    } catch (error) {
      throw await this.told(error);
    }
  }

  /** What went wrong, or that the page is older than what it reads, which explains it better. */
  async told(error: unknown): Promise<unknown> {
    try {
      return (await this.#load(EDITION)) === this.edition ? error : olderPage();
    } catch {
      return error;
    }
  }

  /** Asks for the script; whoever wants the same meanwhile waits for this one. */
  #request(name: string): Promise<Json> {
    return new Promise<Json>((resolve, reject) => {
      const script = document.createElement("script");
      const fail = (): void => reject(missing());
      script.addEventListener("error", fail);
      script.addEventListener("load", fail);
      this.#waiting.set(name, resolve);
      // Without Trusted Types the same check runs, and the address is a plain text.
      const url = this.#policy?.createScriptURL(name) ?? scriptUrl(name, this.edition);
      script.src = url as string;
      document.head.append(script);
      script.addEventListener("load", () => script.remove());
      script.addEventListener("error", () => script.remove());
    }).finally(() => this.#forget(name));
  }

  #forget(name: string): void {
    this.#waiting.delete(name);
    this.#loading.delete(name);
  }
}

/** Asked for by the page's edition, so that no cache hands out data of an earlier one. */
function scriptUrl(name: string, edition: string): string {
  if (name === EDITION) {
    return `${EDITION_FILE}?${Date.now()}`;
  }
  if ((name !== WORDS && !isFragmentName(name)) || !EDITION_WORD.test(edition)) {
    throw new TypeError("not the name of a fragment");
  }
  if (name === WORDS) {
    return `${WORDS_FILE}?${edition}`;
  }
  return `${FOLDER}${name}.js?${edition}`;
}

function missing(): Problem {
  return new Problem(
    "missing",
    "A part of the portal could not be loaded.",
    "Check your connection and reload the page. If it stays so, the portal may have been built again meanwhile.",
  );
}
