import { bytes, count, counted } from "../amounts.js";
import type { Relation } from "./relation.js";

/** A table as a tuner wants to see it: size, columns with their types and distinct values, keys and indexes. */
export function relationText({ label, rows, pages, columns, indexes, foreignKeys }: Relation): string {
  const size = rows < 0 ? "never analyzed" : `about ${count(rows)} rows, ${bytes(pages * 8192)}`;
  return [
    `${label} (${size})`,
    ...[...columns.values()].map(({ quoted, type, notNull, distinct }) => {
      const values =
        distinct === undefined
          ? ""
          : `, ${distinct < 0 ? `${Math.round(-distinct * 100)} % distinct` : counted(distinct, "distinct value")}`;
      return `  ${quoted} ${type}${notNull ? " not null" : ""}${values}`;
    }),
    ...indexes.map(({ definition, valid }) => `  ${definition}${valid ? "" : " -- INVALID"}`),
    ...foreignKeys.map(({ columns: own, references }) => `  foreign key (${own.join(", ")}) to ${references}`),
  ].join("\n");
}
