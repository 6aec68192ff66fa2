import type { Reader } from "../../engine/types.js";

interface Policy {
  name: string;
  command: string;
  restrictive: boolean;
  roles: string;
  using: string | null;
  check: string | null;
}

/** Policies of a table; they may be there and do nothing, as long as row security is not enabled. */
export const policiesOf = (reader: Reader, relation: number) => reader.rows<Policy>(POLICIES, [relation]);

const POLICIES = `
  SELECT p.polname AS name, CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update'
      WHEN 'd' THEN 'delete' ELSE 'all' END AS command,
    NOT p.polpermissive AS restrictive,
    (SELECT string_agg(CASE role WHEN 0 THEN 'public' ELSE pg_get_userbyid(role)::text END, ', ')
      FROM unnest(p.polroles) role) AS roles,
    pg_get_expr(p.polqual, p.polrelid) AS using, pg_get_expr(p.polwithcheck, p.polrelid) AS check
  FROM pg_policy p WHERE p.polrelid = $1 ORDER BY 1`;
