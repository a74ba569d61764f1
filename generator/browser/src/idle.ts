// Locks after a while without a sign of life, and says so a minute before.

const MINUTE = 60_000;
const WARNING = MINUTE;
const TICK = 1_000;
const SIGNS = ["pointerdown", "keydown", "wheel", "touchstart"] as const;

export interface IdleActions {
  /** Somebody is at this page. */
  readonly alive: () => void;
  /** Called each second while the warning shows, with the seconds that are left. */
  readonly warn: (seconds: number) => void;
  /** The warning is over: somebody is there. */
  readonly calm: () => void;
  readonly lock: () => void;
}

/** Measures by the clock that is handed in, not by counting ticks, so that sleep counts too. */
export class IdleWatch {
  #last: number;
  #warned = false;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly minutes: number,
    private readonly actions: IdleActions,
    private readonly now: () => number,
  ) {
    this.#last = now();
  }

  start(target: EventTarget): void {
    this.#last = this.now();
    for (const sign of SIGNS) {
      target.addEventListener(sign, this.#alive, { passive: true, capture: true });
    }
    target.addEventListener("visibilitychange", this.tick);
    this.#timer = setInterval(this.tick, TICK);
  }

  stop(target: EventTarget): void {
    for (const sign of SIGNS) {
      target.removeEventListener(sign, this.#alive, { capture: true });
    }
    target.removeEventListener("visibilitychange", this.tick);
    clearInterval(this.#timer);
    this.#calm();
  }

  /** Somebody is there, here or in another tab. After the time has run out it is too late. */
  touch(): void {
    if (this.#left() > 0) {
      this.#last = this.now();
      this.#calm();
    }
  }

  readonly #alive = (): void => {
    this.touch();
    this.actions.alive();
  };

  readonly tick = (): void => {
    const left = this.#left();
    if (left <= 0) {
      this.actions.lock();
    } else if (left <= Math.min(WARNING, (this.minutes * MINUTE) / 2)) {
      this.#warned = true;
      this.actions.warn(Math.ceil(left / 1000));
    }
  };

  #left(): number {
    return this.minutes * MINUTE - (this.now() - this.#last);
  }

  #calm(): void {
    if (this.#warned) {
      this.#warned = false;
      this.actions.calm();
    }
  }
}
