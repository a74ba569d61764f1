// Values out of JSON that nobody has signed: each of the type it should be, or a Problem.

import { isDay } from "./dates.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import { Problem } from "./problems.ts";

const VERSION = 1;

export function ofKind(value: Json, kind: string): JsonObject {
  const fragment = asObject(value);
  if (numberOf(fragment, "v") > VERSION) {
    throw new Problem(
      "newer-format",
      "This page was built by a newer coachbook than the portal's script.",
      "Reload the page; if that doesn't help, tell whoever looks after the portal.",
    );
  }
  if (fragment["kind"] !== kind) {
    throw malformed();
  }
  return fragment;
}

export function asObject(value: Json | undefined): JsonObject {
  if (!isObject(value)) {
    throw malformed();
  }
  return value;
}

export function asText(value: Json): string {
  if (typeof value !== "string") {
    throw malformed();
  }
  return value;
}

export function textOf(owner: JsonObject, key: string, fallback?: string): string {
  const value = owner[key] ?? fallback ?? null;
  return asText(value);
}

export function dayOf(owner: JsonObject, key: string): string {
  const day = textOf(owner, key);
  if (!isDay(day)) {
    throw malformed();
  }
  return day;
}

export function numberOf(owner: JsonObject, key: string): number {
  const value = owner[key];
  if (typeof value !== "number") {
    throw malformed();
  }
  return value;
}

export function flagOf(owner: JsonObject, key: string): boolean {
  return owner[key] === true;
}

export function listOf<T>(owner: JsonObject, key: string, read: (value: Json) => T): T[] {
  const value = owner[key];
  if (!Array.isArray(value)) {
    throw malformed();
  }
  return value.map((item) => read(item as Json));
}

export function mapOf<T>(owner: JsonObject, key: string, read: (value: Json) => T): Map<string, T> {
  return mapObject(asObject(owner[key]), read);
}

export function mapObject<T>(value: JsonObject, read: (value: Json) => T): Map<string, T> {
  return new Map(Object.entries(value).map(([key, item]) => [key, read(item)]));
}

export function malformed(): Problem {
  return new Problem(
    "damaged",
    "This page is not built as the portal expects.",
    "Reload the page; if that doesn't help, tell whoever looks after the portal.",
  );
}

export function readPair(value: Json): readonly [string, string] {
  const [left, right, ...more] = Array.isArray(value) ? (value as readonly Json[]) : [];
  if (typeof left !== "string" || typeof right !== "string" || more.length > 0) {
    throw malformed();
  }
  return [left, right];
}
