import assert from "node:assert/strict";
import { test } from "node:test";
import { Tabs } from "../src/tabs.ts";

interface Tab {
  readonly tabs: Tabs;
  readonly heard: string[];
  readonly next: () => Promise<void>;
}

/** A tab of a portal; `next` settles when it has heard something. */
function tab(portal: string, clock = { time: 0 }, writing = false): Tab {
  const heard: string[] = [];
  const waiting: (() => void)[] = [];
  const hear = (word: string): void => {
    heard.push(word);
    waiting.splice(0).forEach((wake) => wake());
  };
  const actions = {
    alive: () => hear("alive"),
    locked: () => hear("locked"),
    wouldLose: () => writing,
  };
  const tabs = new Tabs(portal, actions, () => clock.time);
  tabs.join();
  return { tabs, heard, next: () => new Promise((wake) => waiting.push(wake)) };
}

test("A tab tells the others that it was locked, and not itself.", async () => {
  const [one, other] = [tab("a"), tab("a")];
  const locked = other.next();
  one.tabs.tellLocked();
  await locked;
  [one, other].forEach(({ tabs }) => tabs.leave());
  assert.deepEqual([one.heard, other.heard], [[], ["locked"]]);
});

test("A sign of life is passed on once in five seconds.", async () => {
  const clock = { time: 0 };
  const [one, other] = [tab("b", clock), tab("b")];
  for (const time of [0, 1, 4_999, 5_000]) {
    clock.time = time;
    one.tabs.tellAlive();
  }
  const locked = new Promise<void>((done) => {
    const look = (): void =>
      void (other.heard.includes("locked") ? done() : other.next().then(look));
    look();
  });
  one.tabs.tellLocked();
  await locked;
  [one, other].forEach(({ tabs }) => tabs.leave());
  assert.deepEqual(other.heard, ["alive", "alive", "locked"]);
});

test("A tab that would lose what was written says so when it is asked.", async () => {
  const [one, other] = [tab("c"), tab("c", undefined, true)];
  const answers = [await one.tabs.wouldLose(), await other.tabs.wouldLose()];
  [one, other].forEach(({ tabs }) => tabs.leave());
  assert.deepEqual(answers, [true, false]);
});

test("Another portal of the same address hears nothing, and neither does a page that was left.", async () => {
  const [one, other, left, witness] = [tab("d"), tab("e"), tab("d"), tab("d")];
  left.tabs.leave();
  const locked = witness.next();
  one.tabs.tellLocked();
  await locked;
  [one, other, witness].forEach(({ tabs }) => tabs.leave());
  assert.deepEqual([other.heard, left.heard], [[], []]);
});
