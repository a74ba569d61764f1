import { page } from "./page.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { generateX25519Identity } from "age-encryption";
import { Key } from "../src/keys.ts";
import { fillRolePages, fold, groupPages } from "../src/menu.ts";
import { Session } from "../src/session.ts";
import { readIndex, type Index, type PageLink } from "../src/shapes.ts";

const own = await Key.parse(await generateX25519Identity());
const monitor = await Key.parse(await generateX25519Identity());

function link(kind: string, title: string, group: string, name: string, path: string): PageLink {
  return { kind, title, group, name: name.repeat(32), path };
}

const me = link("me", "Me", "", "a", "me");
const cycle = link("cycle", "Wren with Idris", "Otterbeck", "b", "cycle/c-1");
const write = link("write", "Write", "", "c", "write");
const school = link("school", "Otterbeck", "Otterbeck", "d", "school/otterbeck");
const wider = link("cycle", "Wren with Idris", "Otterbeck", "e", "cycle/c-1");
const index: Index = {
  reader: { id: "p-wren", label: "Wren Ashgrove", short: "Wren" },
  pages: [me, cycle, write],
  roles: [],
  edit: "",
};

test("A reader's own pages come first, then what a role adds; the same page comes once.", () => {
  const role = {
    id: "monitor@otterbeck",
    label: "Monitor",
    key: monitor,
    pages: [cycle, wider, school],
  };
  const { pages } = new Session(index, [own], [role], []);
  assert.deepEqual(
    pages.map(({ path, keys }) => [path, keys[0] === own ? "own" : "role"]),
    [
      ["me", "own"],
      ["cycle/c-1", "own"],
      ["write", "own"],
      ["cycle/c-1/as/monitor@otterbeck", "role"],
      ["school/otterbeck", "role"],
    ],
  );
});

test("The menu has Me and Write first, then cycles by school, then what comes by a role.", () => {
  const role = { id: "monitor@otterbeck", label: "Monitor", key: monitor, pages: [school] };
  const groups = groupPages(new Session(index, [own], [role], []).pages);
  assert.deepEqual(
    groups.map(({ name, pages }) => [name, pages.map(({ title }) => title)]),
    [
      ["", ["Me", "Write"]],
      ["Otterbeck", ["Wren with Idris"]],
      ["Monitor", ["Otterbeck"]],
    ],
  );
});

test("The menu leaves out single visits, to which other pages lead; they open by their address.", () => {
  const visit = link("visit", "Visit to Wren", "Otterbeck", "f", "visit/o-1");
  const session = new Session({ ...index, pages: [me, cycle, visit] }, [own], [], []);
  const titles = groupPages(session.pages).flatMap(({ pages }) => pages.map(({ title }) => title));
  assert.deepEqual(titles, ["Me", "Wren with Idris"]);
  assert.equal(session.find("visit/o-1")?.title, "Visit to Wren");
});

test("On the page of somebody who is coached nowhere, the long list of cycles folds away too.", () => {
  const cycles = Array.from({ length: 6 }, (_, at) => ({ ...cycle, path: `cycle/c-${at}` }));
  const { pages } = new Session({ ...index, pages: [...cycles, school] }, [own], [], []);
  const place = page.window.document.createElement("div");
  place.innerHTML = "<div data-role-pages></div>";
  fillRolePages(
    place,
    pages.map((one) => ({ ...one, role: "Office at Otterbeck" })),
  );
  assert.equal(place.querySelectorAll(".card > ul > li").length, 1);
  assert.equal(place.querySelector("summary")?.textContent, "Cycles and pairs (6)");
});

test("Somebody who is coached nowhere and holds no role is told whom to ask.", () => {
  const place = page.window.document.createElement("div");
  place.innerHTML = "<div data-role-pages></div>";
  fillRolePages(place, new Session({ ...index, pages: [me] }, [own], [], []).pages);
  assert.match(place.textContent, /^You hold no role that opens a page either\./);
});

test("A long list of cycles folds away under the other pages of a group; a short one does not.", () => {
  const cycles = Array.from({ length: 6 }, (_, at) => ({ ...cycle, path: `cycle/c-${at}` }));
  const pages = new Session({ ...index, pages: [...cycles, school] }, [own], [], []).pages;
  const sizes = [fold(pages), fold(pages.slice(1))].map((parts) => parts.map((one) => one.length));
  assert.deepEqual(sizes, [
    [1, 6],
    [6, 0],
  ]);
  assert.equal(fold(pages.slice(1))[0][0]?.kind, "school");
});

test("An index of another shape, or of a newer format, is not guessed at.", () => {
  const json = {
    v: 1,
    kind: "index",
    reader: { id: "p", label: "l", short: "s" },
    pages: [],
    roles: [],
    edit: "",
  };
  assert.deepEqual(readIndex(json).pages, []);
  for (const odd of [
    { ...json, v: 2 },
    { ...json, kind: "page" },
    { ...json, pages: {} },
    { ...json, pages: [{ ...me, name: "../x" }] },
    null,
  ]) {
    assert.throws(() => readIndex(odd));
  }
});
