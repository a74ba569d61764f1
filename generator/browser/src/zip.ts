// A ZIP archive of a few texts, stored as they are: every system opens it without more software.

import { joinBytes, toBytes } from "./encoding.ts";

export interface NamedText {
  /** Plain ASCII, without a folder. */
  readonly name: string;
  readonly text: string;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
/** The names are UTF-8. */
const UTF8 = 0x0800;
const STORED = 0;

/** The archive, dated with a day such as 2026-11-12. */
export function zipOf(files: readonly NamedText[], day: string): Uint8Array {
  const parts: Uint8Array[] = [];
  const entries: Uint8Array[] = [];
  let offset = 0;
  for (const { name, text } of files) {
    const [path, data] = [toBytes(name), toBytes(text)];
    const common = describe(data, path.length, day);
    const local = joinBytes(u32(LOCAL), u16(VERSION), common, path, data);
    // Version of the maker; then no comment, first disk, no attributes, and where the file lies.
    const rest = joinBytes(u16(0), u16(0), u16(0), u32(0), u32(offset));
    entries.push(joinBytes(u32(CENTRAL), u16(VERSION), u16(VERSION), common, rest, path));
    parts.push(local);
    offset += local.length;
  }
  const directory = joinBytes(...entries);
  const count = u16(files.length);
  const end = joinBytes(u32(END), u16(0), u16(0), count, count, u32(directory.length), u32(offset));
  return joinBytes(...parts, directory, end, u16(0));
}

/** The fields that both headers of a file have: flags to the length of its extra field. */
function describe(data: Uint8Array, pathLength: number, day: string): Uint8Array {
  return joinBytes(
    u16(UTF8),
    u16(STORED),
    u16(0),
    u16(dosDay(day)),
    u32(crc32(data)),
    u32(data.length),
    u32(data.length),
    u16(pathLength),
    u16(0),
  );
}

const FIRST_YEAR = 1980;

function dosDay(day: string): number {
  const [year = FIRST_YEAR, month = 1, date = 1] = day.split("-").map(Number);
  return ((year - FIRST_YEAR) << 9) | (month << 5) | date;
}

const POLYNOMIAL = 0xedb88320;
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  }
  return value;
});

export function crc32(data: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of data) {
    value = (value >>> 8) ^ (TABLE[(value ^ byte) & 0xff] ?? 0);
  }
  return (value ^ 0xffffffff) >>> 0;
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, (value >>> 8) & 0xff);
}

function u32(value: number): Uint8Array {
  return joinBytes(u16(value & 0xffff), u16(value >>> 16));
}
