// A part of a page as a document of its own: one file without script, or text for a word processor.

/** Rows of a table and lines of a heading, as plain text keeps them apart. */
const CELL = "\t";
const LINE = "\n";

/** What belongs to the portal and not to a document: buttons, fields, places for tools. */
const TOOLS =
  "button, input, select, label, script, style, iframe, form, [data-sheet-tools], " +
  ".table-tools, .table-found, .table-more, .readers, .byline:not(.notice), .on-paper, .opening, " +
  "[hidden]";
const KEPT_ATTRIBUTES = new Set([
  ...["class", "scope", "colspan", "rowspan", "role", "lang", "datetime"],
  ...["viewBox", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "d", "points"],
  ...["width", "height", "transform", "preserveAspectRatio", "text-anchor", "aria-label"],
  ...["aria-hidden", "title"],
]);
const BLOCKS = "p, h1, h2, h3, h4, h5, h6, li, tr, dt, dd, figcaption";

/** A copy that can stand by itself: no tool, no link into the portal, nothing to load. */
export function standing(part: Element): HTMLElement {
  const copy = part.cloneNode(true) as HTMLElement;
  keepHeads(copy);
  for (const tool of copy.querySelectorAll(TOOLS)) {
    tool.remove();
  }
  for (const link of copy.querySelectorAll("a")) {
    link.replaceWith(...link.childNodes);
  }
  for (const element of [copy, ...copy.querySelectorAll("*")]) {
    for (const { name } of [...element.attributes]) {
      if (!KEPT_ATTRIBUTES.has(name)) {
        element.removeAttribute(name);
      }
    }
  }
  return copy;
}

/** The head of a column is a button while it sorts; on paper it is its words. */
function keepHeads(copy: Element): void {
  for (const head of copy.querySelectorAll("th button")) {
    head.replaceWith(...head.childNodes);
  }
}

/** One HTML file that opens anywhere, runs nothing, loads nothing and prints on A4. */
export function sheetFile(part: Element, title: string): string {
  const policy =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
  return [
    "<!doctype html>",
    '<html lang="en-GB">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="referrer" content="no-referrer">',
    '<meta name="robots" content="noindex, nofollow">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeText(title)}</title>`,
    `<style>${SHEET_STYLE}</style>`,
    "</head>",
    "<body>",
    standing(part).outerHTML,
    "</body>",
    "</html>",
    "",
  ].join(LINE);
}

export function escapeText(text: string): string {
  const names: Readonly<Record<string, string>> = { "&": "amp", "<": "lt", ">": "gt", '"': "quot" };
  return text.replace(/[&<>"]/gu, (mark) => `&${names[mark] ?? ""};`);
}

/** The part as a word processor takes it: tables with lines; of a chart the numbers alone. */
export function sheetForWord(part: Element): string {
  const copy = standing(part);
  for (const drawing of copy.querySelectorAll("svg")) {
    drawing.remove();
  }
  for (const table of copy.querySelectorAll("table")) {
    table.setAttribute("border", "1");
    table.setAttribute("cellpadding", "4");
  }
  return copy.outerHTML;
}

/** The part as lines of text, the cells of a row kept apart by tabs. */
export function sheetText(part: Element): string {
  const copy = standing(part);
  const lines = [...copy.querySelectorAll(BLOCKS)]
    .filter((block) => block.tagName === "TR" || block.closest("tr") === null)
    .filter((block) => block.querySelector(BLOCKS) === null || block.tagName === "TR")
    .map(lineOf);
  return `${lines.filter((line) => line !== "").join(LINE)}${LINE}`;
}

function lineOf(block: Element): string {
  const cells = block.tagName === "TR" ? [...block.children] : [block];
  return cells.map((cell) => (cell.textContent ?? "").replace(/\s+/gu, " ").trim()).join(CELL);
}

const SHEET_STYLE = `
@page { size: A4; margin: 11mm 14mm; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 48rem; color: #1d2528; background: #fff;
  font: 10.5pt/1.4 "Source Sans 3", "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
h2 { margin: 0 0 .25rem; font-size: 17pt; line-height: 1.2; color: #14505c; }
h3, .table-title { margin: .8rem 0 .25rem; font-size: 11.5pt; font-weight: 600; color: #14505c; }
h4 { margin: .5rem 0 .1rem; font-size: 10.5pt; }
p { margin: .25rem 0 .5rem; }
table { width: 100%; border-collapse: collapse; font-size: 9.5pt; }
th, td { padding: .16rem .5rem .16rem 0; border-bottom: 1px solid #c9d2d4; text-align: left;
  vertical-align: top; font-weight: 400; }
thead th, tfoot th, tfoot td { font-weight: 600; }
.col-number { text-align: right; font-variant-numeric: tabular-nums; }
.cell-note, .basis, .sheet-note, .muted { color: #4d5a5e; font-size: 8.5pt; }
tbody .cell-note { display: none; }
abbr { text-decoration: none; }
.nothing .visually-hidden, .visually-hidden { position: absolute; width: 1px; height: 1px;
  overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
table, tr, p { break-inside: avoid; }
h3, h4, .table-title { break-after: avoid; }
@media print {
  body { padding: 0; max-width: none; font-size: 9pt; line-height: 1.3; }
  table { font-size: 8.5pt; }
  h3, .table-title { margin-top: .6rem; font-size: 10.5pt; }
  h4 { margin-top: .35rem; font-size: 9.5pt; }
  p { margin: .15rem 0 .35rem; }
}
`;
