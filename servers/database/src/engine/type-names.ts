import type { Reader } from "./types.js";
import type { Field } from "./wire.js";

/** OIDs from here on are given to what users make, and may mean something else tomorrow. */
const FIRST_USER_OID = 16_384;

// Qualified throughout: it runs under the user's search path.
const NAMES = `SELECT pg_catalog.format_type(t.oid, t.modifier) AS name
  FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.oid[]), pg_catalog.unnest($2::pg_catalog.int4[]))
    WITH ORDINALITY AS t(oid, modifier, place)
  ORDER BY t.place`;

/** Names of result types as PostgreSQL writes them; those of built-in types are asked for once. */
export class TypeNames {
  readonly #known = new Map<string, string>();

  /** The names, if no question is needed. */
  known(fields: readonly Field[]): string[] | undefined {
    const names = fields.map((field) => this.#known.get(key(field)));
    return names.every((name) => name !== undefined) ? names : undefined;
  }

  async learn(fields: readonly Field[], lookup: Reader): Promise<string[]> {
    const oids = fields.map(({ dataTypeID }) => dataTypeID);
    const modifiers = fields.map(({ dataTypeModifier }) => dataTypeModifier);
    const names = (await lookup.rows<{ name: string }>(NAMES, [oids, modifiers])).map(({ name }) => name);
    for (const [index, field] of fields.entries()) {
      if (field.dataTypeID < FIRST_USER_OID) this.#known.set(key(field), names[index] ?? "");
    }
    return names;
  }
}

const key = ({ dataTypeID, dataTypeModifier }: Field) => `${dataTypeID}/${dataTypeModifier}`;
