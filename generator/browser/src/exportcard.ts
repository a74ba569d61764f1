// A card of a page as Markdown or CSV, with what was opened in it: for another body's own portal.

import { toCsv } from "./csv.ts";
import { button, el } from "./dom.ts";
import { downloadText } from "./download.ts";
import { GivenPart } from "./givenout.ts";

/** Gives every card below `root` that asks for it its two downloads; `by` is who takes them. */
export function enhanceExports(root: ParentNode, by: string): void {
  for (const card of root.querySelectorAll<HTMLElement>("[data-export]")) {
    card.querySelector("[data-export-tools]")?.append(...exportTools(card, by));
  }
}

function exportTools(card: HTMLElement, by: string): HTMLElement[] {
  const name = card.dataset["export"] || "export";
  const given = new GivenPart(card, by);
  const asked = el("div", { class: "sheet-filed" });
  const take = (kind: string, type: string, text: string): void => {
    downloadText(`${name}.${kind}`, type, text);
    asked.replaceChildren(given.ask(text));
  };
  return [
    button("Download as Markdown", () => take("md", "text/markdown", cardMarkdown(card))),
    button("Download as CSV", () => take("csv", "text/csv", toCsv(cardRows(card)))),
    asked,
  ];
}

/** The card as Markdown: headings, sentences, lists and tables, and no control of the page. */
export function cardMarkdown(card: ParentNode): string {
  const parts = piecesOf(card).map((piece) => {
    switch (piece.kind) {
      case "heading":
        return `${"#".repeat(Math.max(1, piece.level - 1))} ${piece.text}`;
      case "text":
        return piece.text;
      case "item":
        return `- ${piece.text}`;
      case "rows":
        return markdownTable(piece.head, piece.rows);
    }
  });
  return `${parts.join("\n\n")}\n`;
}

/** The card as rows: under which heading, then what each line or cell says. */
export function cardRows(card: ParentNode): string[][] {
  let heading = "";
  return piecesOf(card).flatMap((piece) => {
    switch (piece.kind) {
      case "heading":
        heading = piece.text;
        return [];
      case "text":
      case "item":
        return [[heading, piece.text]];
      case "rows":
        return [piece.head, ...piece.rows]
          .filter((row) => row.length > 0)
          .map((row) => [heading, ...row]);
    }
  });
}

type Piece =
  | { readonly kind: "heading"; readonly level: number; readonly text: string }
  | { readonly kind: "text" | "item"; readonly text: string }
  | {
      readonly kind: "rows";
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };

const PIECES = "h2, h3, h4, p, li, dl, table";
const NOT_SAID =
  "svg, button, .visually-hidden, .lane, .heat-sign, .lane-sign, [aria-hidden='true'], .opening, .given *";

/** What stands in the card from top to bottom; what lies inside a table is told by the table. */
function piecesOf(card: ParentNode): Piece[] {
  return [...card.querySelectorAll<HTMLElement>(PIECES)]
    .filter((element) => element.parentElement?.closest("table, dl, li") == null)
    .filter((element) => element.closest(NOT_SAID) === null)
    .map(pieceOf)
    .filter((piece) => (piece.kind === "rows" ? piece.rows.length > 0 : piece.text !== ""));
}

function pieceOf(element: HTMLElement): Piece {
  if (element.tagName === "TABLE") {
    const { tHead, tBodies } = element as HTMLTableElement;
    const head = [...(tHead?.rows ?? [])].flatMap(cellsOf);
    return { kind: "rows", head, rows: [...tBodies].flatMap(rowsOf) };
  }
  if (element.tagName === "DL") {
    const terms = [...element.querySelectorAll("dt")];
    const rows = terms.map((term) => [said(term), said(term.nextElementSibling)]);
    return { kind: "rows", head: [], rows };
  }
  const level = /^H(\d)$/u.exec(element.tagName)?.[1];
  const text = said(element);
  if (level !== undefined) {
    return { kind: "heading", level: Number(level), text };
  }
  return { kind: element.tagName === "LI" ? "item" : "text", text };
}

function rowsOf(body: HTMLTableSectionElement): string[][] {
  return [...body.rows].map(cellsOf);
}

/** The words of a row; a cell that is only drawn is none. */
function cellsOf(row: HTMLTableRowElement): string[] {
  return [...row.cells].filter((cell) => !cell.classList.contains("lane")).map(said);
}

/** The words of an element as one line, without what is drawn or only for a screen reader. */
function said(element: Element | null): string {
  if (element === null) {
    return "";
  }
  const copy = element.cloneNode(true) as Element;
  copy.querySelectorAll(NOT_SAID).forEach((part) => part.remove());
  return (copy.textContent ?? "").replace(/\s+/gu, " ").trim();
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const wide = Math.max(head.length, ...rows.map((row) => row.length));
  const line = (cells: readonly string[]): string =>
    `| ${Array.from({ length: wide }, (_, place) => escaped(cells[place] ?? "")).join(" | ")} |`;
  const rule = `|${" --- |".repeat(wide)}`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}

function escaped(cell: string): string {
  return cell.replaceAll("\\", "\\\\").replaceAll("|", "\\|");
}
