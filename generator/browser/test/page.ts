// A page for the tests in Node: jsdom's window, with the few globals that the portal reads.

import { JSDOM } from "jsdom";

export const page = new JSDOM("<!doctype html><html><head></head><body></body></html>", {
  url: "https://portal.example/index.html",
});
Object.assign(globalThis, {
  window: page.window,
  document: page.window.document,
  Node: page.window.Node,
  HTMLElement: page.window.HTMLElement,
});
