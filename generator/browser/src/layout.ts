// Lines of a section's text that would not stay in it once the record is opened as a file.

const HASHES = /^[ \t]*(#{1,2})(?!#)(\s*)(.*?)\s*$/u;
const FENCE = /^([ \t]*)(`{3,}|~{3,})(.*)$/u;
const FENCE_INDENT = 3;
const UNDERLINE = /^ {0,3}(?:=+|-+)[ \t]*$/u;
const NOT_UNDERLINED = /^\s*(?:[-*+>#|]|[0-9]+[.)])/u;
const EDGES = " \\t\\r*_~`#=:;.,\\-–—•>+()\\[\\]0-9";
const EDGE = new RegExp(`^[${EDGES}]+|[${EDGES}]+$`, "gu");

export interface LayoutFault {
  readonly line: number;
  readonly message: string;
}

/** The faults of a text that is to stand under one heading of a form with these sections. */
export function layoutFaults(text: string, sections: readonly string[]): LayoutFault[] {
  const known = new Map(sections.map((name) => [readsLike(name), name]));
  const faults: LayoutFault[] = [];
  let fence: Fence | undefined;
  let before = "";
  for (const [at, row] of text.split("\n").entries()) {
    if (fence !== undefined) {
      fence = closes(row, fence) ? undefined : fence;
      continue;
    }
    fence = openingFence(row, at + 1);
    const message = fence === undefined ? rowFault(row, before, known) : fence.fault;
    if (message !== "") {
      faults.push({ line: at + 1, message });
    }
    before = fence !== undefined || NOT_UNDERLINED.test(row) ? "" : row.trim();
  }
  return fence === undefined ? faults : [...faults, { line: fence.line, message: UNCLOSED }];
}

const UNCLOSED = "the code block that opens here is never closed";
const HEADING = "a line that begins with # would start another section, so begin it with a word";
const UNDERLINED =
  "this line of dashes makes the line above a heading, so leave a blank line before it";
const AGE_FENCE = "a code block may not be called age, as sealed blocks are";

interface Fence {
  readonly line: number;
  readonly sign: string;
  readonly fault: string;
}

function openingFence(row: string, line: number): Fence | undefined {
  const [, indent = "", sign = "", info = ""] = FENCE.exec(row) ?? [];
  const isAge = info.trim().split(/\s+/u)[0] === "age";
  const opens = sign !== "" && !(sign.startsWith("`") && info.includes("`"));
  if (!opens || !(isAge || (indent.length <= FENCE_INDENT && !indent.includes("\t")))) {
    return undefined;
  }
  return { line, sign, fault: isAge ? AGE_FENCE : "" };
}

function closes(row: string, fence: Fence): boolean {
  const [, indent = "", sign = "", rest = ""] = FENCE.exec(row) ?? [];
  const same = sign.startsWith(fence.sign[0] ?? " ") && sign.length >= fence.sign.length;
  return same && rest.trim() === "" && indent.length <= FENCE_INDENT;
}

function rowFault(row: string, before: string, known: ReadonlyMap<string, string>): string {
  const [, hashes = "", space = "", name = ""] = HASHES.exec(row) ?? [];
  if (hashes === "##" || (hashes === "#" && (space !== "" || name === ""))) {
    return HEADING;
  }
  const section = known.get(readsLike(row));
  if (section !== undefined) {
    return `this line reads like the heading "${section}", so say it in other words`;
  }
  return before !== "" && UNDERLINE.test(row) ? UNDERLINED : "";
}

/** What is left of a line when everything that only dresses it up is taken away. */
function readsLike(row: string): string {
  const bare = row
    .replace(/<[^<>]*>/gu, "")
    .normalize("NFKC")
    .replace(/\s+/gu, " ");
  return bare.replace(EDGE, "").toLowerCase();
}
