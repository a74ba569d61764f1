// What is open while somebody is in: keys, pages and decrypted text, in memory only.

import type { Key } from "./keys.ts";
import type { Payload } from "./payload.ts";
import type { Keys } from "./readers.ts";
import { openBlock, type Block } from "./sealing.ts";
import type { Index, PageLink } from "./shapes.ts";

/** A page that the reader can open, and the keys that open its fragment. */
export interface OpenPage extends PageLink {
  readonly keys: readonly Key[];
  /** The role it comes by, empty for the reader's own. */
  readonly role: string;
}

export interface RoleIndex {
  readonly id: string;
  readonly label: string;
  readonly key: Key;
  readonly pages: readonly PageLink[];
}

export class Session {
  readonly reader: Index["reader"];
  readonly pages: readonly OpenPage[];
  readonly keys: Keys;
  /** The git host's page for changing a record, with `{path}` in it; empty if there is none. */
  readonly edit: string;
  /** What went wrong with a role, in sentences; the rest is open all the same. */
  readonly notices: readonly string[];
  readonly #payloads = new WeakMap<Block, Promise<Payload>>();

  constructor(
    index: Index,
    keys: readonly Key[],
    roles: readonly RoleIndex[],
    notices: readonly string[],
  ) {
    this.reader = index.reader;
    this.keys = new Map([
      [index.reader.id, keys],
      ...roles.map((role) => [role.id, [role.key]] as const),
    ]);
    this.pages = mergePages(index.pages, keys, roles);
    this.notices = notices;
    this.edit = index.edit;
  }

  /** The page of a path; a link that somebody passed on may name the role they have it by. */
  find(path: string): OpenPage | undefined {
    const plain = path.replace(AS_ROLE, "");
    return (
      this.pages.find((page) => page.path === path) ??
      this.pages.find((page) => page.path.replace(AS_ROLE, "") === plain)
    );
  }

  /** The reader's own newest key, with which they sign what they write. */
  get ownKey(): Key {
    const [key] = this.keys.get(this.reader.id) ?? [];
    if (key === undefined) {
      throw new Error("a session without a key");
    }
    return key;
  }

  /** The section's payload, opened once for as long as its page is shown. */
  open(block: Block): Promise<Payload> {
    const opening = this.#payloads.get(block) ?? openBlock(block, this.keys);
    this.#payloads.set(block, opening);
    return opening;
  }
}

/** What stands behind the path of a page that a role shows otherwise. */
const AS_ROLE = /\/as\/[^/]+$/u;

/** The reader's own pages first; a page that a role shows otherwise gets an address of its own. */
function mergePages(
  own: readonly PageLink[],
  keys: readonly Key[],
  roles: readonly RoleIndex[],
): OpenPage[] {
  const merged: OpenPage[] = own.map((page) => ({ ...page, keys, role: "" }));
  for (const role of roles) {
    for (const page of role.pages) {
      if (merged.some(({ name }) => name === page.name)) {
        continue;
      }
      const taken = merged.some(({ path }) => path === page.path);
      const path = taken ? `${page.path}/as/${role.id}` : page.path;
      merged.push({ ...page, path, keys: [role.key], role: role.label });
    }
  }
  return merged;
}
