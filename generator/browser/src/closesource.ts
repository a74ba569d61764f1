// A cycle's record with its outcome and the status it has from now on; all else stays as it was.

import { formatFence, type SealedSection } from "./newrecord.ts";

/** Stands in the source where the sealed outcome will. */
const SEALED_HERE = "{sealed}";
const OPEN = "open";
const CLOSED = "closed";

export function closeSource(
  source: string,
  status: string,
  day: string,
  sections: readonly SealedSection[],
): string {
  const [fence = ""] = sections.map(formatFence);
  // The replacement is a function, as a dollar sign in a text would mean something.
  const whole = source.replace(SEALED_HERE, () => fence);
  const changes: [string, string][] = [
    ["status", status],
    ...(status === OPEN ? [] : [["closed_on", day] satisfies [string, string]]),
    ...(status === CLOSED ? [["phase", "done"] satisfies [string, string]] : []),
  ];
  return status === OPEN
    ? whole
    : changes.reduce((text, [key, value]) => setField(text, key, value), whole);
}

/** The source with a plain value in its header; a new field becomes the last of it. */
function setField(source: string, key: string, value: string): string {
  const end = source.indexOf("\n---", 1);
  const [header, rest] = [source.slice(0, end), source.slice(end)];
  const lines = header.split("\n");
  const at = lines.findIndex((line) => line.startsWith(`${key}:`));
  const line = `${key}: ${value}`;
  lines.splice(at < 0 ? lines.length : at, 1, line);
  return lines.join("\n") + rest;
}
