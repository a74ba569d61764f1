import assert from "node:assert/strict";
import { test } from "node:test";
import { crumbsOf } from "../src/crumbs.ts";
import { editAddress } from "../src/filing.ts";
import { formatRoute, parseRoute, slug } from "../src/route.ts";
import type { OpenPage } from "../src/session.ts";

test("An address names a page, a note on it and a section of the note, and reads back the same.", () => {
  for (const [address, path, record, section] of [
    ["#/cycle/c-1", "cycle/c-1", "", ""],
    ["#/cycle/c-1/at/s-1", "cycle/c-1", "s-1", ""],
    ["#/cycle/c-1/as/head@otterbeck/at/s-1/notes", "cycle/c-1/as/head@otterbeck", "s-1", "notes"],
  ] as const) {
    assert.deepEqual(parseRoute(address), { path, record, section });
    assert.equal(formatRoute({ path, record, section }), address);
  }
});

test("An address of nothing leads to no page in particular.", () => {
  for (const address of ["", "#", "#/", "#person=wren"]) {
    assert.equal(parseRoute(address).path, "");
  }
});

test("A section stands in an address in small letters and hyphens.", () => {
  assert.equal(slug("What went well, and what didn’t?"), "what-went-well-and-what-didn-t");
});

function page(kind: string, title: string, group = "", role = ""): OpenPage {
  return { kind, title, group, name: `${kind} ${title}`, path: `${kind}/1`, keys: [], role };
}

test("The way back leads from the first page over the list of the same school.", () => {
  const me = page("me", "Me");
  const visit = page("visit", "Visit to Wren", "Otterbeck");
  const lists = [page("visits", "Visits", "Bramblewick"), page("visits", "Visits", "Otterbeck")];
  assert.deepEqual(
    crumbsOf(visit, [me, ...lists, visit]).map(({ title, path }) => [title, path]),
    [
      ["Me", "me/1"],
      ["Otterbeck", ""],
      ["Visits", "visits/1"],
      ["Visit to Wren", ""],
    ],
  );
  assert.deepEqual(crumbsOf(me, [me, visit]), []);
});

test("The way back from an earlier part of a cycle leads over the page of the cycle.", () => {
  const me = page("me", "Me");
  const cycle = { ...page("cycle", "Wren with Idris", "Otterbeck"), path: "cycle/c-1" };
  const earlier = { ...page("earlier", "Autumn 1", "Otterbeck"), path: "cycle/c-1/autumn-1" };
  assert.deepEqual(
    crumbsOf(earlier, [me, cycle, earlier]).map(({ title, path }) => [title, path]),
    [
      ["Me", "me/1"],
      ["Otterbeck", ""],
      ["Wren with Idris", "cycle/c-1"],
      ["Autumn 1", ""],
    ],
  );
});

test("A record's page on the git host is its path in the host's address; else there is none.", () => {
  const host = "https://git.example/notes/edit/main/{path}";
  const path = "records/otterbeck/2026-27/a b.md";
  const address = "https://git.example/notes/edit/main/records/otterbeck/2026-27/a%20b.md";
  assert.equal(editAddress(host, path), address);
  for (const odd of ["", "javascript:alert(1)//{path}", "https://git.example/edit"]) {
    assert.equal(editAddress(odd, path), "");
  }
});
