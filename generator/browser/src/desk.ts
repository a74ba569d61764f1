// The unlocked face: shows the page that the address names, and forgets it all on locking.

import { arriveAt } from "./arrival.ts";
import { crumbsOf, renderCrumbs } from "./crumbs.ts";
import { el, required } from "./dom.ts";
import { otherPages } from "./elsewhere.ts";
import { leaveOutForOthers, offerEditing } from "./filing.ts";
import { Finder } from "./finder.ts";
import { enhanceExports } from "./exportcard.ts";
import type { FragmentLoader } from "./fragments.ts";
import { renderPage } from "./markdown.ts";
import { fillRolePages, Menu } from "./menu.ts";
import { asProblem } from "./problems.ts";
import { formatRoute, parseRoute, type Route } from "./route.ts";
import { SectionFiller } from "./sections.ts";
import type { OpenPage, Session } from "./session.ts";
import { readPage, type Blocks } from "./shapes.ts";
import { enableSheets } from "./sheettools.ts";
import { enhanceTables } from "./tables.ts";
import { enableTakeAway } from "./takeawaypage.ts";
import { WritePage } from "./write.ts";
import { readWriteDesk, shelvesOf } from "./writingdesk.ts";

const HOME = "me";
const FIND = "find";
const NOWHERE: Route = { path: "", record: "", section: "" };

export class Desk {
  readonly #root = required("#portal", HTMLElement);
  readonly #content = required("#content", HTMLElement);
  readonly #tools = required("#tools", HTMLElement);
  readonly #skip = required("#skip", HTMLAnchorElement);
  readonly #who = required("#who", HTMLElement);
  readonly #printWho = required("#print-who", HTMLElement);
  readonly #status = required("#status", HTMLElement);
  readonly #menu: Menu;
  #session: Session | undefined;
  #filler: SectionFiller | undefined;
  #writing: WritePage | undefined;
  #finder: Finder | undefined;
  #blocks: Blocks | undefined;
  #route = NOWHERE;

  constructor(private readonly loader: FragmentLoader) {
    const [root, toggle] = [required("#pages", HTMLElement), required("#menu", HTMLButtonElement)];
    this.#menu = new Menu(root, toggle, () => void this.#print());
    this.#skip.addEventListener("click", (event) => {
      // The address is the page's: it must not become #content.
      event.preventDefault();
      this.#content.focus();
    });
  }

  get isOpen(): boolean {
    return this.#session !== undefined;
  }

  /** Whether something on the page would be lost. */
  get wouldLose(): boolean {
    return this.#writing?.wouldLose ?? false;
  }

  /** The address of the page that is shown. */
  get address(): string {
    return formatRoute(this.#route);
  }

  async open(session: Session, hash: string): Promise<void> {
    this.#session = session;
    this.#finder = new Finder(this.loader, session, () => this.#filled());
    this.#who.textContent = session.reader.label;
    this.#printWho.textContent = session.reader.label;
    this.#menu.show(session);
    this.#reveal(true);
    await this.go(hash);
  }

  /** Clears every key and word from the page. */
  close(): void {
    this.#leavePage();
    this.#finder?.close();
    this.#finder = undefined;
    this.#session = undefined;
    this.#route = NOWHERE;
    this.#menu.clear();
    this.#who.textContent = "";
    this.#printWho.textContent = "";
    this.#status.textContent = "";
    this.#reveal(false);
  }

  #reveal(shown: boolean): void {
    for (const part of [this.#root, this.#tools, this.#skip]) {
      part.hidden = !shown;
    }
  }

  /** Settles when the page that is shown has opened its sections. */
  async #filled(): Promise<void> {
    await this.#filler?.finished;
  }

  /** Opens the page for finding; the cursor is where words can be typed at once. */
  find(): void {
    window.location.hash = `#/${FIND}`;
  }

  /** Shows the page of an address such as `#/cycle/c-0a1b2c3d`. */
  async go(hash: string): Promise<void> {
    const session = this.#session;
    if (session === undefined) {
      return;
    }
    const asked = parseRoute(hash);
    const path = asked.path === "" ? HOME : asked.path;
    const isHere = path === this.#route.path && this.#blocks !== undefined;
    this.#route = { ...asked, path };
    if (isHere && this.#arrive()) {
      return;
    }
    this.#leavePage();
    this.#menu.mark(path);
    if (path === FIND) {
      this.#showFinder();
      return;
    }
    const page = session.find(path) ?? (path === HOME ? session.pages[0] : undefined);
    if (page === undefined) {
      this.#put(notAmong());
      return;
    }
    this.#put(el("p", { class: "opening" }, "Opening…"));
    await this.#load(session, page, path);
  }

  #showFinder(): void {
    const page = this.#finder?.open();
    if (page !== undefined) {
      this.#put(page.element);
      page.focus();
    }
  }

  /** Leads to the note that the address names; false where it names none that is shown. */
  #arrive(): boolean {
    const { record } = this.#route;
    return record !== "" && arriveAt(this.#content, this.#blocks ?? new Map(), this.#route);
  }

  async #load(session: Session, page: OpenPage, path: string): Promise<void> {
    try {
      const fragment = await this.loader.open(page.name, page.keys);
      const shelves = page.kind === "write" ? shelvesOf(fragment) : [];
      const held = await Promise.all(shelves.map((name) => this.loader.open(name, page.keys)));
      if (this.#session !== session || this.#route.path !== path) {
        return;
      }
      if (page.kind === "write") {
        this.#writing = new WritePage(
          readWriteDesk(fragment, held, session.reader.id),
          session,
          this.#route.record,
        );
        this.#put(...wayBack(page, session), this.#writing.element);
      } else {
        const { title, html, blocks, data: given } = readPage(fragment);
        const shown = renderWithTitle(title, html);
        fillRolePages(shown, session.pages);
        enhanceTables(shown);
        enhanceExports(shown, session.reader.id);
        if (page.kind === "take-away") {
          enableTakeAway(shown, given, blocks, session, this.loader);
        }
        offerEditing(shown, blocks, session);
        leaveOutForOthers(shown, session);
        this.#put(...wayBack(page, session), shown);
        const filler = new SectionFiller(
          this.#content,
          session,
          blocks,
          otherPages(this.loader, session),
        );
        this.#filler = filler;
        enableSheets(this.#content, session, () => filler.finished);
        this.#blocks = blocks;
        this.#arrive();
      }
    } catch (error) {
      if (this.#session === session) {
        this.#put(problemPage(asProblem(error).sentence));
      }
    }
  }

  #leavePage(): void {
    this.#filler?.stop();
    this.#filler = undefined;
    this.#writing = undefined;
    this.#blocks = undefined;
    this.#finder?.leave();
    this.#content.replaceChildren();
  }

  /** Puts the page in, moves the focus to its heading, and tells of it. */
  #put(...nodes: Node[]): void {
    const notices = this.#session?.notices ?? [];
    const shown = this.#route.path === HOME ? notices : [];
    this.#content.replaceChildren(
      ...shown.map((text) => el("p", { class: "notice" }, text)),
      ...nodes,
    );
    const heading = this.#content.querySelector("h1");
    if (heading !== null) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
      window.scrollTo({ top: 0 });
      this.#status.textContent = `Page: ${heading.textContent ?? ""}`;
    }
  }

  /** Opens what is still closed, so that the paper is whole, then prints. */
  async #print(): Promise<void> {
    this.#status.textContent = "Opening every section before printing.";
    await this.#filler?.finished;
    window.print();
  }
}

/** The way back to the pages that lead to this one; nothing above the first of them. */
function wayBack(page: OpenPage, { pages }: Session): HTMLElement[] {
  const crumbs = crumbsOf(page, pages);
  return crumbs.length > 0 ? [renderCrumbs(crumbs)] : [];
}

function renderWithTitle(title: string, html: string): DocumentFragment {
  const page = renderPage(html);
  if (page.querySelector("h1") === null) {
    page.prepend(el("h1", {}, title));
  }
  return page;
}

function notAmong(): HTMLElement {
  return el(
    "section",
    {},
    el("h1", {}, "That page is not among yours"),
    el(
      "p",
      {},
      "The address may be mistyped, or the page may be for other readers. Your pages are in the menu.",
    ),
    el("p", {}, el("a", { href: `#/${HOME}` }, "Go to your own page")),
  );
}

function problemPage(sentence: string): HTMLElement {
  return el("section", {}, el("h1", {}, "This page did not open"), el("p", {}, sentence));
}
