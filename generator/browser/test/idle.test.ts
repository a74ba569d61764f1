import assert from "node:assert/strict";
import { test } from "node:test";
import { IdleWatch } from "../src/idle.ts";

function watched(minutes: number) {
  const told: string[] = [];
  const clock = { time: 0 };
  const actions = {
    alive: () => void told.push("alive"),
    warn: (seconds: number) => void told.push(`warn ${seconds}`),
    calm: () => void told.push("calm"),
    lock: () => void told.push("lock"),
  };
  const target = new EventTarget();
  const watch = new IdleWatch(minutes, actions, () => clock.time);
  watch.start(target);
  const at = (seconds: number): void => {
    clock.time = seconds * 1000;
    watch.tick();
  };
  return { told, at, target, watch, stop: () => watch.stop(target) };
}

test("The portal warns a minute before it locks, and locks.", () => {
  const { told, at, stop } = watched(10);
  [0, 539, 540, 599, 600].forEach(at);
  stop();
  assert.deepEqual(told, ["warn 60", "warn 1", "lock", "calm"]);
});

test("A key or a touch ends the warning and starts the time anew.", () => {
  const { told, at, target, stop } = watched(10);
  at(550);
  target.dispatchEvent(new Event("keydown"));
  at(1089);
  at(1090);
  stop();
  assert.deepEqual(told, ["warn 50", "calm", "alive", "warn 60", "calm"]);
});

test("After a sleep longer than the time, a touch is too late.", () => {
  const { told, at, target, stop } = watched(10);
  at(10_000);
  target.dispatchEvent(new Event("pointerdown"));
  at(10_001);
  stop();
  assert.deepEqual(told, ["lock", "alive", "lock"]);
});

test("Somebody who is active in another tab is there for this one, and is not told back.", () => {
  const { told, at, watch, stop } = watched(10);
  at(550);
  watch.touch();
  at(1089);
  stop();
  assert.deepEqual(told, ["warn 50", "calm"]);
});
