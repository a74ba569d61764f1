import "./page.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { unfoldOnPaper } from "../src/paper.ts";

test("What is folded is whole on paper, and folded again afterwards.", () => {
  const root = document.createElement("div");
  const [folded, open] = [document.createElement("details"), document.createElement("details")];
  open.open = true;
  root.append(folded, open);
  const printer = new EventTarget();
  unfoldOnPaper(printer, root);
  printer.dispatchEvent(new Event("beforeprint"));
  assert.deepEqual([folded.open, open.open], [true, true]);
  printer.dispatchEvent(new Event("afterprint"));
  assert.deepEqual([folded.open, open.open], [false, true]);
});
