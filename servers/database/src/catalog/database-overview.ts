import type { Database, DatabaseInfo, Databases } from "../engine/types.js";
import { readPatiently } from "./read-patiently.js";
import { type ServerFacts, serverFacts } from "./server-facts.js";

/** A configured database, and what it says about itself or why it does not. */
export interface DatabaseOverview extends DatabaseInfo, Partial<ServerFacts> {
  error?: string;
}

/** All configured databases, asked at the same time; one that is down is said to be. */
export const overviewOf = ({ all }: Databases, signal: AbortSignal): Promise<DatabaseOverview[]> =>
  Promise.all(all.map((database) => overview(database, signal)));

async function overview(database: Database, signal: AbortSignal): Promise<DatabaseOverview> {
  const answer = await readPatiently(database, serverFacts, signal);
  return "found" in answer ? { ...database.info, ...answer.found } : { ...database.info, ...answer };
}
