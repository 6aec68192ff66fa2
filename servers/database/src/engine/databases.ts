import { ToolError } from "@mcp-reference/validation";
import type { Database, Databases } from "./types.js";

/** @param all at least one; the first is the default */
export function namedDatabases(all: readonly Database[]): Databases {
  const [first] = all;
  if (!first) throw new TypeError("there is no database");
  return {
    all,
    get(name = first.info.name) {
      const found = all.find(({ info }) => info.name === name);
      if (found) return found;
      throw new ToolError("NOT_FOUND", `there is no database ${JSON.stringify(name)}`, {
        hint: `There are ${all.map(({ info }) => info.name).join(", ")}`,
      });
    },
  };
}
