// Rows of text as a CSV file that a spreadsheet opens without running or misreading anything.

/** Spreadsheets on a British or German desk both need the mark to read the letters rightly. */
const BYTE_ORDER_MARK = "\ufeff";
const NEEDS_QUOTES = /["\r\n,;\t]|^\s|\s$/u;
/** What a spreadsheet would take for a formula, in wide letters and behind space too. */
const FORMULA = /^\s*[=+\-@\t\r＝＋－＠]/u;
/** A plain number may keep its sign. */
const NUMBER = /^[+-]?\d+(?:[.,]\d+)?$/u;

export function toCsv(rows: readonly (readonly string[])[]): string {
  return BYTE_ORDER_MARK + rows.map((row) => row.map(cell).join(",") + "\r\n").join("");
}

function cell(text: string): string {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
