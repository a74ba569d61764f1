// Decrypted Markdown and page HTML as safe nodes: raw HTML off, sanitised, nothing loaded.

import DOMPurify, { type Config } from "dompurify";
import MarkdownIt from "markdown-it";
import { formatDay, formatWholeDay } from "./dates.ts";
import { el } from "./dom.ts";

const TEXT_TAGS = words(
  "p br hr em strong s code pre blockquote ul ol li a table thead tbody tr th td",
);
const PAGE_TAGS = [
  ...TEXT_TAGS,
  ...words(
    "h1 h2 h3 h4 h5 h6 div section article header footer aside nav span small b i mark abbr " +
      "time dl dt dd figure figcaption details summary caption colgroup col tfoot del ins sub " +
      "sup",
  ),
];
const SVG_TAGS = words(
  "svg g path rect circle ellipse line polyline polygon text tspan title desc defs pattern " +
    "clippath",
);
const SVG_ATTRIBUTES = words(
  "viewbox width height x y x1 x2 y1 y2 cx cy r rx ry d points transform fill fill-opacity " +
    "stroke stroke-width stroke-dasharray stroke-linecap stroke-linejoin opacity text-anchor " +
    "dominant-baseline dx dy preserveaspectratio font-size font-weight focusable",
);
const PAGE_ATTRIBUTES = words(
  "id class href title role lang datetime open scope colspan rowspan headers hidden tabindex",
);

/** Where a link may lead; DOMPurify's own list lets more through. */
const TEXT_LINK = /^(?:https:\/\/|mailto:)/iu;
const PAGE_LINK = /^(?:#\/|https:\/\/|mailto:|\.\.?\/)/iu;

const ALWAYS: Config = {
  RETURN_DOM_FRAGMENT: true,
  ALLOW_UNKNOWN_PROTOCOLS: false,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  FORBID_ATTR: ["style"],
};
const TEXT: Config = {
  ...ALWAYS,
  ALLOWED_TAGS: TEXT_TAGS,
  ALLOWED_ATTR: ["href", "start"],
};
const PAGE: Config = {
  ...ALWAYS,
  ALLOWED_TAGS: [...PAGE_TAGS, ...SVG_TAGS],
  ALLOWED_ATTR: [...PAGE_ATTRIBUTES, ...SVG_ATTRIBUTES],
  ALLOW_DATA_ATTR: true,
  ALLOW_ARIA_ATTR: true,
};

const markdown = new MarkdownIt({ html: false, linkify: false, breaks: true }).disable([
  "heading",
  "lheading",
  "image",
  "reference",
  "html_block",
  "html_inline",
]);

/** A table's columns would be lined up by a style, which the page's policy rightly refuses. */
for (const name of ["th_open", "td_open"]) {
  markdown.renderer.rules[name] = (tokens, at) => `<${tokens[at]?.tag ?? "td"}>`;
}

/** Text from a sealed section, ready to be shown. */
export function renderMarkdown(text: string): DocumentFragment {
  const fragment = sanitise(markdown.render(text), TEXT, TEXT_LINK);
  for (const item of fragment.querySelectorAll("li")) {
    markTask(item);
  }
  for (const holder of fragment.querySelectorAll("p, li")) {
    wordDays(holder);
  }
  return fragment;
}

/** A page from a fragment, ready to be shown. */
export function renderPage(html: string): DocumentFragment {
  return sanitise(html, PAGE, PAGE_LINK);
}

function sanitise(html: string, rules: Config, links: RegExp): DocumentFragment {
  const fragment = DOMPurify.sanitize(html, rules) as unknown as DocumentFragment;
  for (const link of fragment.querySelectorAll("a")) {
    hardenLink(link, links);
  }
  return fragment;
}

/** A link out of the portal opens beside it and learns nothing of where it was. */
function hardenLink(link: HTMLAnchorElement, allowed: RegExp): void {
  const href = link.getAttribute("href") ?? "";
  if (!allowed.test(href)) {
    link.removeAttribute("href");
  } else if (!href.startsWith("#")) {
    leadOut(link);
  }
}

function leadOut(link: HTMLAnchorElement): void {
  link.setAttribute("rel", "noopener noreferrer nofollow");
  link.setAttribute("target", "_blank");
}

/** "[ ] Wait three seconds" and "[x] …" become steps with a mark that is also said in words. */
function markTask(item: HTMLLIElement): void {
  const holder = item.firstElementChild?.tagName === "P" ? item.firstElementChild : item;
  const first = holder.firstChild;
  const found = /^\[([ xX])\]\s+/u.exec(
    first?.nodeType === Node.TEXT_NODE ? (first.textContent ?? "") : "",
  );
  if (first === null || found === null) {
    return;
  }
  const done = found[1] !== " ";
  first.textContent = (first.textContent ?? "").slice(found[0].length);
  item.classList.add("task", done ? "task-done" : "task-open");
  holder.prepend(el("span", { class: "visually-hidden" }, done ? "Done: " : "To do: "));
  wordDue(holder.lastChild);
}

/** "(by 2026-11-19)", as the checks write it, becomes "(by Thu 19 Nov)". */
function wordDue(last: ChildNode | null): void {
  if (last?.nodeType === Node.TEXT_NODE) {
    last.textContent = (last.textContent ?? "").replace(
      DUE,
      (_, day: string) => `(by ${formatDay(day)})`,
    );
  }
}

/** "Review date: 2027-03-12", as a form has it written, becomes "Review date: Fri 12 Mar 2027". */
function wordDays(holder: Element): void {
  for (const node of holder.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) {
      const before = node.previousSibling?.textContent ?? "";
      const line = before.endsWith(":") ? BARE_DAY : DAY_LINE;
      node.textContent = (node.textContent ?? "").replace(
        line,
        (_, name: string, day: string) => `${name}${formatWholeDay(day)}`,
      );
    }
  }
}

/** A line that is a name and a day; where the name is in bold, the day is what is left. */
const DAY_LINE = /^(\s*[^:\n]{1,80}:\s*)(\d{4}-\d{2}-\d{2})(?=\s*$)/u;
const BARE_DAY = /^(\s*)(\d{4}-\d{2}-\d{2})(?=\s*$)/u;
const DUE = /\(by (\d{4}-\d{2}-\d{2})\)(?=\s*$)/u;

function words(list: string): string[] {
  return list.split(" ");
}
