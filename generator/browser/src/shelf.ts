// One small store of this browser (IndexedDB), opened for one errand at a time.

const DATABASE = "coachbook";
const STORE = "kept";

/** Values by name; they are copied as the browser copies them, keys that can't be read included. */
export interface Shelf {
  all(): Promise<ReadonlyMap<string, unknown>>;
  put(name: string, value: unknown): Promise<void>;
  remove(name: string): Promise<void>;
}

/** The shelf of this browser; each call rejects where the browser keeps nothing for this page. */
export class BrowserShelf implements Shelf {
  async all(): Promise<ReadonlyMap<string, unknown>> {
    if (await isBare()) {
      return new Map();
    }
    return this.#within("readonly", async (store) => {
      const [names, values] = await Promise.all([
        settled(store.getAllKeys()),
        settled<unknown[]>(store.getAll()),
      ]);
      return new Map(names.map((name, place) => [String(name), values[place]]));
    });
  }

  async put(name: string, value: unknown): Promise<void> {
    await this.#within("readwrite", (store) => settled(store.put(value, name)));
  }

  /** Removes the shelf too, once nothing is left on it. */
  async remove(name: string): Promise<void> {
    if (await isBare()) {
      return;
    }
    const left = await this.#within("readwrite", async (store) => {
      await settled(store.delete(name));
      return settled(store.count());
    });
    if (left === 0) {
      await settled(window.indexedDB.deleteDatabase(DATABASE));
    }
  }

  /** Closes the database again, as an open one keeps a page out of the back/forward cache. */
  async #within<T>(
    mode: IDBTransactionMode,
    work: (store: IDBObjectStore) => Promise<T>,
  ): Promise<T> {
    const database = await open();
    try {
      const transaction = database.transaction(STORE, mode, { durability: "strict" });
      const done = finished(transaction);
      const result = await work(transaction.objectStore(STORE));
      await done;
      return result;
    } finally {
      database.close();
    }
  }
}

/** Whether nothing was ever put there, so that merely looking leaves no trace. */
async function isBare(): Promise<boolean> {
  const known = await window.indexedDB.databases?.();
  return known !== undefined && !known.some(({ name }) => name === DATABASE);
}

async function open(): Promise<IDBDatabase> {
  const asked = window.indexedDB.open(DATABASE, 1);
  asked.addEventListener("upgradeneeded", () => asked.result.createObjectStore(STORE));
  return settled(asked);
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener("complete", () => resolve());
    transaction.addEventListener("abort", () => reject(transaction.error));
  });
}
