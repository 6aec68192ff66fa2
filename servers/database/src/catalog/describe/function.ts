import type { Reader } from "../../engine/types.js";
import { cut } from "./description.js";

interface FunctionFacts {
  source: string | null;
  volatility: string;
  [fact: string]: unknown;
}

const LONGEST_SOURCE = 10_000;

/** Signature, traits and source of a function, procedure or aggregate. */
export async function describeFunction(reader: Reader, oid: number): Promise<Record<string, unknown>> {
  const [facts] = await reader.rows<FunctionFacts>(FUNCTION, [oid]);
  return facts ? { ...facts, source: cut(facts.source, LONGEST_SOURCE) } : {};
}

/** A body in standard SQL is not in prosrc; only the whole definition has it in every version. */
const FUNCTION = `
  SELECT obj_description(p.oid, 'pg_proc') AS comment, pg_get_userbyid(p.proowner) AS owner,
    CASE WHEN has_function_privilege(p.oid, 'EXECUTE') AND has_schema_privilege(p.pronamespace, 'USAGE')
      THEN current_user || ': execute' ELSE current_user || ': none' END AS privileges,
    pg_get_function_arguments(p.oid) AS arguments, pg_get_function_result(p.oid) AS returns, l.lanname AS language,
    CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END AS volatility,
    CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END AS parallel,
    p.proisstrict AS strict, p.prosecdef AS "securityDefiner", p.proleakproof AS leakproof,
    array_to_string(p.proconfig, ', ') AS settings,
    CASE WHEN p.prokind = 'a' THEN NULL WHEN p.prosrc = '' THEN pg_get_functiondef(p.oid) ELSE p.prosrc END AS source
  FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE p.oid = $1`;
