// Who stays signed in on this device: their keys, under a key that the browser holds and never
// gives out, for a time that is sealed with them.

import { toBytes, toText } from "./encoding.ts";
import type { Shelf } from "./shelf.ts";

const LABEL = "coachbook kept v1";
const ALGORITHM = "AES-GCM";
const NONCE_LENGTH = 12;
const HOUR = 3_600_000;

/** Somebody who is signed in on this device. */
export interface Kept {
  /** As they signed in. */
  readonly person: string;
  /** The lines of their key file. */
  readonly identities: string;
  /** When it ends, in milliseconds since 1970. */
  readonly until: number;
}

interface Wrapped {
  readonly key: CryptoKey;
  readonly nonce: Uint8Array<ArrayBuffer>;
  readonly sealed: ArrayBuffer;
  readonly from: number;
  readonly until: number;
}

/** Keeps one person for each portal. Whatever is over, or can't be read, is removed on sight. */
export class Keeper {
  constructor(
    private readonly shelf: Shelf,
    private readonly portal: string,
    private readonly hours: number,
    private readonly now: () => number,
  ) {}

  /** Keeps somebody from now on, instead of whoever was kept before. */
  async keep(person: string, identities: string): Promise<Kept> {
    const from = this.now();
    const until = from + this.hours * HOUR;
    const key = await crypto.subtle.generateKey({ name: ALGORITHM, length: 256 }, false, [
      "encrypt",
      "decrypt",
    ]);
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_LENGTH));
    const text = JSON.stringify({ person, identities });
    const sealed = await crypto.subtle.encrypt(this.#seal(nonce, from, until), key, bytes(text));
    await this.shelf.put(this.portal, { key, nonce, sealed, from, until } satisfies Wrapped);
    return { person, identities, until };
  }

  /** Who is signed in here; undefined if nobody is, or no longer. */
  async recall(): Promise<Kept | undefined> {
    const found = await this.shelf.all();
    for (const [name, value] of found) {
      if (!this.#holds(value)) {
        await this.shelf.remove(name);
      }
    }
    const wrapped = found.get(this.portal);
    return this.#holds(wrapped) ? this.#open(wrapped) : undefined;
  }

  async forget(): Promise<void> {
    await this.shelf.remove(this.portal);
  }

  async #open({ key, nonce, sealed, from, until }: Wrapped): Promise<Kept | undefined> {
    try {
      const text = await crypto.subtle.decrypt(this.#seal(nonce, from, until), key, sealed);
      const { person, identities } = JSON.parse(toText(new Uint8Array(text))) as Kept;
      return { person, identities, until: this.#end({ from, until }) };
    } catch {
      // Altered, or kept by something else: as good as not there.
      await this.forget();
      return undefined;
    }
  }

  /** The times and the portal are covered too, so that nothing is kept longer or elsewhere. */
  #seal(nonce: Uint8Array<ArrayBuffer>, from: number, until: number): AesGcmParams {
    const place = [LABEL, this.portal, from, until].join("\n");
    return { name: ALGORITHM, iv: nonce, additionalData: bytes(place) };
  }

  /** Whether its time has begun and is not over; a clock that was put back ends it as well. */
  #holds(value: unknown): value is Wrapped {
    const now = this.now();
    return isWrapped(value) && value.from <= now && now < this.#end(value);
  }

  /** A policy that has become stricter holds for what was kept before it. */
  #end({ from, until }: Pick<Wrapped, "from" | "until">): number {
    return Math.min(until, from + this.hours * HOUR);
  }
}

function isWrapped(value: unknown): value is Wrapped {
  const found = (value ?? {}) as Partial<Wrapped>;
  return (
    found.key instanceof CryptoKey &&
    found.nonce instanceof Uint8Array &&
    found.sealed instanceof ArrayBuffer &&
    typeof found.from === "number" &&
    typeof found.until === "number"
  );
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return toBytes(text) as Uint8Array<ArrayBuffer>;
}
