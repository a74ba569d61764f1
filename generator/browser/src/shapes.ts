// What fragments hold for reading, taken with care: sealed to its reader, but signed by nobody.

import {
  asObject,
  asText,
  listOf,
  malformed,
  mapOf,
  numberOf,
  ofKind,
  readPair,
  textOf,
} from "./fields.ts";
import type { Json, JsonObject } from "./json.ts";
import type { ReaderPair } from "./readers.ts";
import type { Block } from "./sealing.ts";
import type { SignatureLines, SignerKeys, Signers } from "./signatures.ts";

export interface Entry {
  /** The protected key, armored; empty if it is not published. */
  readonly identity: string;
  /** The name of the fragment that is the reader's index. */
  readonly index: string;
}

export interface PageLink {
  readonly kind: string;
  readonly title: string;
  readonly group: string;
  /** The fragment's name. */
  readonly name: string;
  /** The route, such as `cycle/c-0a1b2c3d`. */
  readonly path: string;
}

export interface RoleLink {
  readonly id: string;
  readonly label: string;
  readonly identity: string;
  readonly recipient: string;
  readonly index: string;
}

export interface Index {
  readonly reader: { readonly id: string; readonly label: string; readonly short: string };
  readonly pages: readonly PageLink[];
  readonly roles: readonly RoleLink[];
  /** The git host's page for changing a record, with `{path}` in it; empty if there is none. */
  readonly edit: string;
}

/** A sealed section on a page, with what the page may say of it beforehand. */
export interface PageBlock extends Block {
  /** The day of its record, empty if the page doesn't say. */
  readonly date: string;
  readonly label: string;
  /** The route where it is shown, empty if nowhere else. */
  readonly path: string;
  /** Who may have written it, by person. */
  readonly signers: Signers;
}

export type Blocks = ReadonlyMap<string, PageBlock>;

export interface Page {
  readonly title: string;
  readonly html: string;
  readonly blocks: Blocks;
  /** What the page's script makes something of; null where it has nothing to make. */
  readonly data: Json;
}

const FRAGMENT_NAME = /^[0-9a-f]{32}$/u;

export function isFragmentName(text: string): boolean {
  return FRAGMENT_NAME.test(text);
}

const WORD = /^[a-z]+$/u;
const FEWEST_WORDS = 7000;

/** The words that a passphrase is made of: many, and none of them twice. */
export function readWords(value: Json): readonly string[] {
  const words = listOf({ words: value }, "words", asWord);
  if (words.length < FEWEST_WORDS || new Set(words).size < words.length) {
    throw malformed();
  }
  return words;
}

function asWord(value: Json): string {
  const word = asText(value);
  if (!WORD.test(word)) {
    throw malformed();
  }
  return word;
}

export function readEntry(value: Json): Entry {
  const entry = asObject(value);
  return { identity: textOf(entry, "identity"), index: nameOf(entry, "index") };
}

export function readIndex(value: Json): Index {
  const index = ofKind(value, "index");
  const reader = asObject(index["reader"]);
  return {
    reader: {
      id: textOf(reader, "id"),
      label: textOf(reader, "label"),
      short: textOf(reader, "short"),
    },
    pages: listOf(index, "pages", readPageLink),
    roles: listOf(index, "roles", readRoleLink),
    edit: textOf(index, "edit", ""),
  };
}

function readPageLink(value: Json): PageLink {
  const page = asObject(value);
  return {
    kind: textOf(page, "kind"),
    title: textOf(page, "title"),
    group: textOf(page, "group", ""),
    name: nameOf(page, "name"),
    path: textOf(page, "path"),
  };
}

function readRoleLink(value: Json): RoleLink {
  const role = asObject(value);
  return {
    id: textOf(role, "id"),
    label: textOf(role, "label"),
    identity: textOf(role, "identity"),
    recipient: textOf(role, "recipient"),
    index: nameOf(role, "index"),
  };
}

export function readPage(value: Json): Page {
  const page = ofKind(value, "page");
  return {
    title: textOf(page, "title"),
    html: textOf(page, "html"),
    blocks: blocksOf(page),
    data: page["data"] ?? null,
  };
}

export function blocksOf(owner: JsonObject): Blocks {
  return "blocks" in owner ? mapOf(owner, "blocks", readBlock) : new Map();
}

function readBlock(value: Json): PageBlock {
  const block = asObject(value);
  return {
    armor: textOf(block, "armor"),
    workspace: textOf(block, "workspace"),
    record: textOf(block, "record"),
    type: textOf(block, "type"),
    section: textOf(block, "section"),
    revision: numberOf(block, "revision"),
    parties: listOf(block, "parties", readPair),
    readers: listOf<ReaderPair>(block, "readers", readPair),
    date: textOf(block, "date", ""),
    label: textOf(block, "label", ""),
    path: textOf(block, "path", ""),
    signature: "signature" in block ? readSignature(asObject(block["signature"])) : undefined,
    signers: readSigners(block),
  };
}

function readSignature(lines: JsonObject): SignatureLines {
  return {
    signer: textOf(lines, "signer"),
    key: textOf(lines, "key"),
    day: textOf(lines, "day"),
    signature: textOf(lines, "signature"),
  };
}

/** The keys by person, with the names of those whom the page may name. */
function readSigners(block: JsonObject): Signers {
  const names = "authors" in block ? mapOf(block, "authors", asText) : new Map<string, string>();
  const read = ([person, keys]: [string, Json]): [string, SignerKeys] => [
    person,
    readSigner(keys, names.get(person) ?? ""),
  ];
  return new Map(Object.entries(asObject(block["signers"] ?? {})).map(read));
}

function readSigner(value: Json, name: string): SignerKeys {
  const signer = asObject(value);
  return {
    name,
    left: textOf(signer, "left", ""),
    keys: listOf(signer, "keys", (one) => {
      const key = asObject(one);
      return {
        fingerprint: textOf(key, "fingerprint"),
        signing: textOf(key, "signing"),
        until: textOf(key, "until", ""),
      };
    }),
  };
}

function nameOf(owner: JsonObject, key: string): string {
  const name = textOf(owner, key);
  if (!isFragmentName(name)) {
    throw malformed();
  }
  return name;
}
