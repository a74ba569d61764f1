// JSON read as strictly as Python reads it here: no key twice, no number or text beyond JSON's.

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:,]|[^\s"{}[\]:,]+/gu;

/** The object in the line; throws an Error for what only some readers of JSON accept. */
export function parseObject(line: string): JsonObject {
  const value = JSON.parse(line) as Json;
  if (!isObject(value)) {
    throw new Error("not a JSON object");
  }
  requireSound(line);
  return value;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Checks the tokens of a line that has already parsed. */
function requireSound(line: string): void {
  const open: Set<string>[] = [];
  const tokens = line.match(TOKEN) ?? [];
  for (const [place, token] of tokens.entries()) {
    if (token === "{" || token === "[") {
      open.push(new Set());
    } else if (token === "}" || token === "]") {
      open.pop();
    } else if (tokens[place + 1] === ":") {
      addKey(open.at(-1), readString(token));
    } else if (token.startsWith('"')) {
      readString(token);
    } else {
      requireFinite(token);
    }
  }
}

function addKey(keys: Set<string> | undefined, key: string): void {
  if (keys === undefined || keys.has(key)) {
    throw new Error("a key is named twice");
  }
  keys.add(key);
}

function readString(token: string): string {
  const text = JSON.parse(token) as string;
  if (/\p{Surrogate}/u.test(text)) {
    throw new Error("half of a character pair");
  }
  return text;
}

function requireFinite(token: string): void {
  if (/^[-0-9]/u.test(token) && !Number.isFinite(Number(token))) {
    throw new Error("a number too large");
  }
}

/** Compact JSON with sorted keys, non-ASCII as it is: to the letter as Python writes it. */
export function formatObject(value: JsonObject): string {
  return format(value);
}

/** By hand, as an object of JavaScript puts keys that are numbers before all others. */
function format(value: Json): string {
  if (Array.isArray(value)) {
    return `[${value.map(format).join(",")}]`;
  }
  if (!isObject(value)) {
    return JSON.stringify(value);
  }
  const keys = Object.keys(value).sort(byCodePoint);
  const pairs = keys.map((key) => `${JSON.stringify(key)}:${format(value[key] ?? null)}`);
  return `{${pairs.join(",")}}`;
}

/** As Python sorts: a letter beyond U+FFFF comes after every other. */
function byCodePoint(one: string, other: string): number {
  const [left, right] = [[...one], [...other]];
  const at = left.findIndex((letter, place) => letter !== right[place]);
  if (at < 0) {
    return left.length - right.length;
  }
  return (left[at]?.codePointAt(0) ?? -1) - (right[at]?.codePointAt(0) ?? -1);
}
