import type { Database } from "../engine/types.js";
import type { ObjectGroup } from "./objects.js";
import { readPatiently } from "./read-patiently.js";
import { searchObjects } from "./search-objects.js";

/** One more than an answer of the protocol holds, so that it can say there are more. */
const MOST = 101;

/**
 * Names that go on from what was typed, qualified and quoted: `us` and `public.us` give `public.users`.
 * @returns nothing when the database is down: a completion is no place to say so
 */
export async function completeName(
  database: Database,
  typed: string,
  { groups, signal }: { groups: readonly ObjectGroup[]; signal: AbortSignal },
): Promise<string[]> {
  const pattern = typed === "" ? undefined : `${typed.replaceAll('"', "")}*`;
  const search = { pattern, groups, limit: MOST };
  const answer = await readPatiently(database, (session) => searchObjects(session, search), signal);
  if (!("found" in answer)) return [];
  return answer.found.objects.map(({ name }) => name);
}
