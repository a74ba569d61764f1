// Dates as days: ISO texts in, everyday wording out. No clock: today is an argument.

const DAY = 86_400_000;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const SEPTEMBER = 9;

/** Milliseconds of the day's start, or undefined if there is no such day. */
function dayOf(iso: string): Date | undefined {
  const day = new Date(`${iso}T00:00:00Z`);
  const exists = /^\d{4}-\d{2}-\d{2}$/u.test(iso) && !Number.isNaN(day.getTime());
  return exists && day.toISOString().startsWith(iso) ? day : undefined;
}

export function isDay(iso: string): boolean {
  return dayOf(iso) !== undefined;
}

/** "12 Nov 2026", or the text itself if it is no day. */
export function formatDate(iso: string): string {
  const day = dayOf(iso);
  return day === undefined
    ? iso
    : `${day.getUTCDate()} ${MONTHS[day.getUTCMonth()] ?? ""} ${day.getUTCFullYear()}`;
}

/** "Thu 12 Nov", or the text itself if it is no day. */
export function formatDay(iso: string): string {
  const day = dayOf(iso);
  return day === undefined
    ? iso
    : `${WEEKDAYS[day.getUTCDay()] ?? ""} ${day.getUTCDate()} ${MONTHS[day.getUTCMonth()] ?? ""}`;
}

/** "Thu 12 Nov 2026", or the text itself if it is no day. */
export function formatWholeDay(iso: string): string {
  return isDay(iso) ? `${formatDay(iso)} ${iso.slice(0, 4)}` : iso;
}

/** How many days the second is after the first; 0 if either is no day. */
export function daysBetween(first: string, second: string): number {
  const [from, to] = [dayOf(first), dayOf(second)];
  return from === undefined || to === undefined
    ? 0
    : Math.round((to.getTime() - from.getTime()) / DAY);
}

/** "2026-27" for a day from September 2026 to August 2027. */
export function schoolYear(iso: string): string {
  const [year, month] = iso.split("-").map(Number);
  const first = (year ?? 0) - ((month ?? 0) < SEPTEMBER ? 1 : 0);
  return `${first}-${String((first + 1) % 100).padStart(2, "0")}`;
}
