// Dates as people write them, read only where they can mean one day. The twin of dates.py.

import { isDay } from "./dates.ts";

const MONTHS = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];
const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const FIRST_YEAR = 1900;
const LAST_YEAR = 2199;
/** A 29 February may be eight years away. */
const YEARS_AHEAD = 9;

const YEAR_FIRST = /^([0-9]{1,6})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})$/u;
const YEAR_LAST = /^([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{2,4})$/u;
const WEEKDAY = "(?:(?<weekday>[A-Za-z]{3,9})\\.?,?\\s+)?";
const NAMED = [
  new RegExp(
    `^${WEEKDAY}(?<day>[0-9]{1,2})(?:st|nd|rd|th)?[\\s-]+(?:of\\s+)?` +
      "(?<month>[A-Za-z]{3,9})\\.?,?(?:[\\s-]+(?<year>[0-9]{1,6}))?$",
    "u",
  ),
  new RegExp(
    `^${WEEKDAY}(?<month>[A-Za-z]{3,9})\\.?\\s+(?<day>[0-9]{1,2})(?:st|nd|rd|th)?,?` +
      "(?:\\s+(?<year>[0-9]{1,6}))?$",
    "u",
  ),
];

interface Named {
  readonly weekday: string;
  readonly day: number;
  readonly month: number;
  readonly year: string;
}

/** The day as ISO: the next one called so from `after` on, or itself with a year; else undefined. */
export function parseDayMonth(text: string, after: string): string | undefined {
  const named = matchNamed(text.trim());
  if (named === undefined) {
    return parseNumeric(text.trim());
  }
  if (named.year !== "") {
    const found =
      named.year.length === 4 ? makeDay(Number(named.year), named.month, named.day) : undefined;
    return found !== undefined && weekdayFits(named.weekday, found) ? found : undefined;
  }
  const first = Number(after.slice(0, 4));
  for (let year = first; year < first + YEARS_AHEAD; year += 1) {
    const found = makeDay(year, named.month, named.day);
    if (found !== undefined && found >= after) {
      return weekdayFits(named.weekday, found) ? found : undefined;
    }
  }
  return undefined;
}

function matchNamed(text: string): Named | undefined {
  for (const pattern of NAMED) {
    const found = pattern.exec(text)?.groups;
    const month = monthOf(found?.["month"] ?? "");
    if (found !== undefined && month > 0) {
      return {
        weekday: found["weekday"] ?? "",
        day: Number(found["day"]),
        month,
        year: found["year"] ?? "",
      };
    }
  }
  return undefined;
}

/** A date in numbers, where only one order of day and month is possible. */
function parseNumeric(text: string): string | undefined {
  const first = YEAR_FIRST.exec(text);
  if (first !== null) {
    const [, year = "", month, day] = first;
    return year.length === 4 ? makeDay(Number(year), Number(month), Number(day)) : undefined;
  }
  const [, one, other, year = ""] = YEAR_LAST.exec(text) ?? [];
  if (year.length !== 4) {
    return undefined;
  }
  const days = [
    makeDay(Number(year), Number(other), Number(one)),
    makeDay(Number(year), Number(one), Number(other)),
  ];
  const possible = new Set(days.filter((day) => day !== undefined));
  return possible.size === 1 ? [...possible][0] : undefined;
}

function makeDay(year: number, month: number, day: number): string | undefined {
  const iso = `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
  return year >= FIRST_YEAR && year <= LAST_YEAR && isDay(iso) ? iso : undefined;
}

/** 1 to 12 for a month's name or its beginning, 0 for anything else. */
function monthOf(name: string): number {
  return name === "" ? 0 : MONTHS.findIndex((month) => month.startsWith(name.toLowerCase())) + 1;
}

function weekdayFits(name: string, iso: string): boolean {
  const actual = WEEKDAYS[new Date(`${iso}T00:00:00Z`).getUTCDay()] ?? "";
  return name === "" || actual.slice(0, 3) === name.slice(0, 3).toLowerCase();
}
