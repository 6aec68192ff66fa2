import type { Client } from "pg";

/** Whether an extension can be created: HypoPG comes with no PostgreSQL, but as a package of its own. */
export async function hasExtension(client: Client, name: string): Promise<boolean> {
  const { rows } = await client.query("SELECT 1 FROM pg_available_extensions WHERE name = $1", [name]);
  return rows.length > 0;
}
