// The sealed record ready to be taken along: download it, copy it, or open the git host's page.

import { button, el } from "./dom.ts";
import { downloadText } from "./download.ts";
import { newFileLink } from "./newrecord.ts";
import type { SealedRecord } from "./sealrecord.ts";

export class Handover {
  readonly element = el("section", { class: "card handover" });
  readonly #heading = el("h2", { tabindex: "-1" }, "Sealed");
  readonly #done = el("p", { class: "handover-done", role: "status" });

  #taken = false;

  constructor(
    private readonly record: SealedRecord,
    newFileTemplate: string,
    writeAnother: () => void,
  ) {
    const name = this.#fileName;
    this.element.append(
      this.#heading,
      el(
        "p",
        {},
        "Only the people named under each heading can open this. Now send the file to whoever keeps the records, by any route; it is not kept here.",
      ),
      el("p", { class: "file" }, el("code", {}, name)),
      el("p", { class: "buttons" }, ...this.#buttons(newFileTemplate)),
      this.#done,
      el(
        "details",
        {},
        el("summary", {}, "See what was sealed"),
        el("p", { class: "file" }, el("code", {}, record.path)),
        el("pre", { tabindex: "0" }, record.text),
      ),
      el(
        "p",
        {},
        button("Write another", () => this.#leave(writeAnother), { class: "button quiet" }),
      ),
    );
  }

  /** Whether the record has left the page by any of the ways. */
  get isTaken(): boolean {
    return this.#taken;
  }

  focus(): void {
    this.#heading.focus();
  }

  get #fileName(): string {
    return this.record.path.slice(this.record.path.lastIndexOf("/") + 1);
  }

  #buttons(template: string): HTMLElement[] {
    const buttons: HTMLElement[] = [
      button("Download", () => this.#download(), { class: "button primary" }),
      button("Copy", () => void this.#copy(), { class: "button" }),
    ];
    if (/^https:\/\//u.test(template)) {
      buttons.push(this.#newFile(template));
    }
    return buttons;
  }

  #newFile(template: string): HTMLElement {
    const { href, whole } = newFileLink(template, this.record.path, this.record.text);
    const attributes = { class: "button", href, target: "_blank", rel: "noopener noreferrer" };
    const link = el("a", attributes, "Open the git host's new-file page");
    link.addEventListener("click", () =>
      whole
        ? this.#take("The new file opens beside this page.")
        : void this.#copy("The text is copied: paste it on the page that opens."),
    );
    return link;
  }

  #download(): void {
    downloadText(this.#fileName, "text/markdown", this.record.text);
    this.#take("The file is in your downloads.");
  }

  #leave(writeAnother: () => void): void {
    if (this.#taken || window.confirm("The sealed record has not been taken along. Leave it?")) {
      writeAnother();
    }
  }

  #take(words: string): void {
    this.#taken = true;
    this.#done.textContent = words;
  }

  async #copy(done = "Copied."): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.record.text);
      this.#take(done);
    } catch {
      this.#done.textContent =
        "This browser does not let the page copy. Download the file, or select the text below.";
    }
  }
}
