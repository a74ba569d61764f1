// From a person and a passphrase to an open session.

import { entryName, type FragmentLoader } from "./fragments.ts";
import type { Key } from "./keys.ts";
import { openProtectedFile, parseKeyFile, type Progress } from "./passphrase.ts";
import { asProblem, Problem } from "./problems.ts";
import { openRoleKey } from "./sealing.ts";
import { Session, type RoleIndex } from "./session.ts";
import { readEntry, readIndex, type Entry, type Index, type RoleLink } from "./shapes.ts";

export interface Attempt {
  readonly person: string;
  readonly passphrase: string;
  /** The text of the key file, if one was chosen. */
  readonly keyFile: string | undefined;
}

/** What a passphrase has opened. */
export interface Unlocked {
  readonly session: Session;
  /** The lines of the key file. */
  readonly identities: string;
}

/** The session; throws a Problem that says which of the things given does not fit. */
export async function unlock(
  loader: FragmentLoader,
  salt: string,
  attempt: Attempt,
  progress: Progress,
): Promise<Unlocked> {
  const entry = await findEntry(loader, salt, attempt.person);
  const identity = entry.identity === "" ? attempt.keyFile : entry.identity;
  if (identity === undefined) {
    throw new Problem(
      "needs-key-file",
      "Your key is not kept here.",
      "Choose your key file, which ends in .age, and unlock again.",
    );
  }
  const identities = await openProtectedFile(identity, attempt.passphrase, progress).catch(
    async (error: unknown) => {
      throw await loader.told(error);
    },
  );
  return { session: await openSession(loader, entry, identities), identities };
}

/** The session of somebody whose key file is open already; throws a Problem. */
export async function reopen(
  loader: FragmentLoader,
  salt: string,
  person: string,
  identities: string,
): Promise<Session> {
  return openSession(loader, await findEntry(loader, salt, person), identities);
}

async function openSession(
  loader: FragmentLoader,
  entry: Entry,
  identities: string,
): Promise<Session> {
  const keys = await parseKeyFile(identities);
  return openRoles(loader, await loadIndex(loader, entry.index, keys), keys);
}

async function findEntry(loader: FragmentLoader, salt: string, person: string): Promise<Entry> {
  try {
    return readEntry(await loader.load(entryName(salt, person)));
  } catch (error) {
    if (asProblem(error).kind !== "missing") {
      throw error;
    }
    throw new Problem(
      "unknown-person",
      "Nobody is known here by that name.",
      "Use the name on your welcome card, and check your connection.",
    );
  }
}

async function loadIndex(
  loader: FragmentLoader,
  name: string,
  keys: readonly Key[],
): Promise<Index> {
  try {
    return readIndex(await loader.open(name, keys));
  } catch (error) {
    if (asProblem(error).kind !== "damaged") {
      throw error;
    }
    throw new Problem(
      "key-file",
      "The passphrase is right, but the key is not the one this portal was built for.",
      "You may have a newer key or have chosen another person's file. Ask whoever looks after the keys.",
    );
  }
}

async function openRoles(
  loader: FragmentLoader,
  index: Index,
  keys: readonly Key[],
): Promise<Session> {
  const tried = await Promise.all(index.roles.map((role) => tryRole(loader, role, keys)));
  const roles = tried.filter((role): role is RoleIndex => typeof role !== "string");
  const notices = tried.filter((role): role is string => typeof role === "string");
  return new Session(index, keys, roles, notices);
}

/** The role opened, or a sentence that says it did not; one broken role shuts out nobody. */
async function tryRole(
  loader: FragmentLoader,
  role: RoleLink,
  keys: readonly Key[],
): Promise<RoleIndex | string> {
  try {
    const roleKey = await openRoleKey(role.identity, role.recipient, keys);
    const index = await loadIndex(loader, role.index, [roleKey]);
    return { id: role.id, label: role.label, key: roleKey, pages: index.pages };
  } catch (error) {
    const { kind } = asProblem(error);
    const reason = kind === "missing" ? "could not be loaded" : "did not open with your key";
    return `The pages you have as ${role.label} ${reason}. Tell whoever looks after the keys.`;
  }
}
