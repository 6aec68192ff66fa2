import fc from "fast-check";
import { expect, it } from "vitest";
import { statementLine } from "./statement-line.js";

const SECRET = "hunter2";

it.each([
  [`ALTER ROLE a PASSWORD '${SECRET}'`, "ALTER ROLE a PASSWORD '…'"],
  [`SELECT 'it''s ${SECRET}', b`, "SELECT '…', b"],
  [`SELECT E'it\\'s ${SECRET}', b`, "SELECT '…', b"],
  [`SELECT "o'clock", '${SECRET}'`, `SELECT "o'clock", '…'`],
  [`SELECT 1 -- don't say ${SECRET}\n, 'x'`, "SELECT 1 , '…'"],
  [`SELECT /* don't ${SECRET} */ 1`, "SELECT 1"],
  [`DO $tag$ ${SECRET} $$ $tag$`, "DO '…'"],
  ["SELECT $1,  $2\n FROM t", "SELECT $1, $2 FROM t"],
  [`SELECT '${SECRET}, cut by the server`, "SELECT '…'"],
])("shows %j without its strings", (sql, line) => {
  expect(statementLine(sql)).toBe(line);
});

it("never shows what is inside a string, and keeps to its length", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.integer({ min: 1, max: 200 }), (before, inside, length) => {
      const quoted = `'${`${SECRET}${inside}`.replaceAll("'", "''")}'`;
      const line = statementLine(`SELECT "${before.replaceAll('"', '""')}", ${quoted}`, length);
      expect(line.length).toBeLessThanOrEqual(length);
      fc.pre(!before.includes(SECRET));
      expect(line).not.toContain(SECRET);
    }),
  );
});
