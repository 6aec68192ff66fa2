import type { Reader } from "../../engine/types.js";
import { planStatement } from "../plan/plan-statement.js";
import { attempt } from "../scratch.js";
import type { AdvisedQuery } from "./advised.js";
import type { Candidate } from "./candidates.js";
import type { Hypopg } from "./hypothetical.js";

/** A way to tell what queries would cost with an index. */
export interface Trial {
  /** Costs with the candidate beside those kept; undefined where it cannot be made. `size` in bytes. */
  try(candidate: Candidate, queries: readonly AdvisedQuery[]): Promise<{ costs: number[]; size: number } | undefined>;
  /** From now on the candidate is there. */
  keep(candidate: Candidate): Promise<void>;
}

/** PostgreSQL's planner over HypoPG's indexes. */
export function hypopgTrial(session: Reader, hypopg: Hypopg): Trial {
  return {
    async try({ sql }, queries) {
      const made = await attempt(session, () => hypopg.create(sql));
      if (!made.ok) return undefined;
      const costs: number[] = [];
      for (const { sql: query, parameters } of queries) {
        costs.push((await planStatement(session, query, parameters)).Plan["Total Cost"]);
      }
      await hypopg.drop(made.value);
      return { costs, size: made.value.size };
    },
    async keep({ sql }) {
      await hypopg.create(sql);
    },
  };
}
