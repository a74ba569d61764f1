import assert from "node:assert/strict";
import { test } from "node:test";
import { Keeper } from "../src/kept.ts";
import type { Shelf } from "../src/shelf.ts";

const HOUR = 3_600_000;
const LINES = "AGE-SECRET-KEY-1NOTAKEY\n";

/** A shelf that copies as a browser does, and clocks that a test sets. */
function device() {
  const held = new Map<string, Record<string, unknown>>();
  const shelf: Shelf = {
    all: () => Promise.resolve(new Map([...held].map(([name, value]) => [name, { ...value }]))),
    put: async (name, value) => void held.set(name, value as Record<string, unknown>),
    remove: async (name) => void held.delete(name),
  };
  const clock = { time: 1_800_000_000_000 };
  const keeper = (hours: number, portal = "one") =>
    new Keeper(shelf, portal, hours, () => clock.time);
  return { held, clock, keeper };
}

test("Whoever is kept is recalled with their keys, until the time is over.", async () => {
  const { clock, keeper } = device();
  const { until } = await keeper(8).keep("wren.ashgrove", LINES);
  clock.time += 8 * HOUR - 1;
  assert.deepEqual(await keeper(8).recall(), {
    person: "wren.ashgrove",
    identities: LINES,
    until,
  });
});

test("What is over is not recalled, and is removed when it is looked at.", async () => {
  const { held, clock, keeper } = device();
  await keeper(8).keep("wren.ashgrove", LINES);
  await keeper(8, "another portal").keep("wren.ashgrove", LINES);
  clock.time += 8 * HOUR;
  assert.equal(await keeper(8).recall(), undefined);
  assert.equal(held.size, 0);
});

test("A clock that was put back does not lengthen the time.", async () => {
  const { held, clock, keeper } = device();
  await keeper(8).keep("wren.ashgrove", LINES);
  clock.time -= 1;
  assert.equal(await keeper(8).recall(), undefined);
  assert.equal(held.size, 0);
});

test("A policy that became stricter, or says never, holds for whoever is kept already.", async () => {
  const { held, clock, keeper } = device();
  await keeper(8).keep("wren.ashgrove", LINES);
  clock.time += 2 * HOUR;
  assert.ok(await keeper(4).recall());
  assert.equal(await keeper(2).recall(), undefined);
  await keeper(8).keep("wren.ashgrove", LINES);
  assert.equal(await keeper(0).recall(), undefined);
  assert.equal(held.size, 0);
});

test("A time that was altered, or a place that was exchanged, recalls nobody.", async () => {
  for (const spoil of [
    (held: Map<string, Record<string, unknown>>) => {
      const one = held.get("one") ?? {};
      held.set("one", {
        ...one,
        from: Number(one["from"]) + HOUR,
        until: Number(one["until"]) + HOUR,
      });
    },
    (held: Map<string, Record<string, unknown>>) => held.set("one", held.get("two") ?? {}),
    (held: Map<string, Record<string, unknown>>) => held.set("one", { key: "words" }),
  ]) {
    const { held, clock, keeper } = device();
    await keeper(8).keep("wren.ashgrove", LINES);
    await keeper(8, "two").keep("idris.marlowe", LINES);
    spoil(held);
    clock.time += HOUR;
    assert.equal(await keeper(8).recall(), undefined);
    assert.equal(held.has("one"), false);
  }
});

test("The key is not to be had, and neither name nor keys stand on the device in clear.", async () => {
  const { held, keeper } = device();
  await keeper(8).keep("wren.ashgrove", LINES);
  const { key, nonce, sealed, ...times } = held.get("one") ?? {};
  assert.equal((key as CryptoKey).extractable, false);
  await assert.rejects(crypto.subtle.exportKey("raw", key as CryptoKey));
  const bytes = Buffer.concat([nonce as Uint8Array, Buffer.from(sealed as ArrayBuffer)]);
  assert.ok(!/wren|AGE-/iu.test(bytes.toString("latin1")));
  assert.deepEqual(Object.keys(times).sort(), ["from", "until"]);
});

test("Nobody is recalled once they were forgotten.", async () => {
  const { held, keeper } = device();
  await keeper(8).keep("wren.ashgrove", LINES);
  await keeper(8).forget();
  assert.equal(await keeper(8).recall(), undefined);
  assert.equal(held.size, 0);
});
