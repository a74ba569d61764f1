// Loads fragments by a classic script tag, which works over http(s) and from a folder alike.

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { toBytes, toHex } from "./encoding.ts";
import type { Json } from "./json.ts";
import type { Key } from "./keys.ts";
import { Problem } from "./problems.ts";
import { openFragment } from "./sealing.ts";
import { isFragmentName } from "./shapes.ts";

const FOLDER = "data/";
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
  readonly #policy = window.trustedTypes?.createPolicy("coachbook", { createScriptURL: scriptUrl });

  /** Makes the one function that fragment scripts call. */
  constructor() {
    const put = (name: string, value: Json): void => this.#waiting.get(name)?.(value);
    Object.defineProperty(window, "coachbook", { value: Object.freeze({ put }) });
  }

  /** What the fragment's script hands over; throws a Problem if there is no such fragment. */
  load(name: string): Promise<Json> {
    const loading = this.#loading.get(name) ?? this.#request(name);
    this.#loading.set(name, loading);
    return loading;
  }

  /** The fragment opened; throws a Problem where it is missing, damaged or for other readers. */
  async open(name: string, keys: readonly Key[]): Promise<Json> {
    return openFragment(name, await this.load(name), keys);
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
      const url = this.#policy?.createScriptURL(name) ?? scriptUrl(name);
      script.src = url as string;
      document.head.append(script);
    }).finally(() => this.#forget(name));
  }

  #forget(name: string): void {
    this.#waiting.delete(name);
    this.#loading.delete(name);
    for (const script of document.head.querySelectorAll(`script[src="${FOLDER}${name}.js"]`)) {
      script.remove();
    }
  }
}

function scriptUrl(name: string): string {
  if (!isFragmentName(name)) {
    throw new TypeError("not the name of a fragment");
  }
  return `${FOLDER}${name}.js`;
}

function missing(): Problem {
  return new Problem(
    "missing",
    "A part of the portal could not be loaded.",
    "Check your connection and reload the page. If it stays so, the portal may have been built again meanwhile.",
  );
}
