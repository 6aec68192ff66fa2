import { createIndex } from "../index-keys.js";
import type { Judge } from "../judged-plan.js";

const ROWS = 1000;

/** Foreign keys of the plan's tables without an index: joins along them, and deletes at their other end, read it all. */
export const foreignKeys: Judge = ({ relations }) =>
  [...relations.values()].flatMap((relation) =>
    relation.rows < ROWS
      ? []
      : relation.foreignKeys
          .filter(({ columns }) => {
            const leads = relation.indexes.filter(({ valid, predicate }) => valid && predicate === null);
            return !leads.some(({ keys }) => columns.every((column) => keys.slice(0, columns.length).includes(column)));
          })
          .map(({ name, columns, references }) => {
            const keys = columns.map((column) => ({ sql: relation.columns.get(column)?.quoted ?? column }));
            return {
              weight: 0,
              found: `foreign key ${name} of ${relation.label} has no index: every delete in ${references} reads all of it`,
              advice: createIndex(relation, keys),
            };
          }),
  );
