import type { Reader } from "../engine/types.js";

/** A database as the role that is connected sees it. */
export interface ServerFacts {
  version: string;
  /** Bytes; null where the role may not know. */
  size: number | null;
  role: string;
  /** Changes are refused because this is a replica. */
  standby: boolean;
  otherDatabases: string[];
  /** What makes the role more than a reader needs. */
  warnings: string[];
}

interface Row extends Omit<ServerFacts, "warnings"> {
  login: string;
  superuser: boolean;
  loginSuperuser: boolean;
  powers: string[];
  bypassesRowSecurity: boolean;
}

/** What is worth knowing of a database before the first query. */
export async function serverFacts(reader: Reader): Promise<ServerFacts> {
  const [row] = await reader.rows<Row>(FACTS);
  if (!row) throw new TypeError("the server said nothing about itself");
  const { version, size, role, standby, otherDatabases } = row;
  return { version, size, role, standby, otherDatabases, warnings: warningsFor(row) };
}

const ADVICE = "connect as a role that may only SELECT what is needed";

function warningsFor({ role, login, superuser, loginSuperuser, powers, bypassesRowSecurity }: Row): string[] {
  if (superuser)
    return [`DANGER: ${role} is a superuser: queries can see every row and files of the server; ${ADVICE}`];
  return [
    loginSuperuser && `DANGER: ${role} was taken on by the superuser ${login}; ${ADVICE}`,
    powers.length > 0 && `DANGER: ${role} is a member of ${powers.join(", ")}; ${ADVICE}`,
    bypassesRowSecurity && `${role} bypasses row security`,
  ].filter((warning) => warning !== false);
}

const FACTS = `
  SELECT current_setting('server_version') AS version, current_user AS role, session_user AS login,
    pg_is_in_recovery() AS standby, r.rolsuper AS superuser, s.rolsuper AS "loginSuperuser",
    r.rolbypassrls AS "bypassesRowSecurity",
    CASE WHEN has_database_privilege(current_database(), 'CONNECT') THEN pg_database_size(current_database()) END AS size,
    ARRAY(SELECT p.rolname::text FROM pg_roles p
      WHERE p.rolname IN ('pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program', 'pg_read_all_data',
        'pg_write_all_data') AND pg_has_role(p.oid, 'MEMBER') ORDER BY 1) AS powers,
    ARRAY(SELECT d.datname::text FROM pg_database d WHERE d.datallowconn AND NOT d.datistemplate
      AND d.datname <> current_database() AND has_database_privilege(d.oid, 'CONNECT') ORDER BY 1 LIMIT 50) AS "otherDatabases"
  FROM pg_roles r, pg_roles s WHERE r.rolname = current_user AND s.rolname = session_user`;
