import { ToolError } from "@mcp-reference/validation";
import type { Reader } from "../engine/types.js";
import { anyCase } from "./case-insensitive.js";
import { closestNames } from "./closest-names.js";
import { folded, type Identifier, type ObjectName, parseObjectName } from "./identifiers.js";
import { type CatalogObject, isSystemSchema, type ObjectGroup, objectGroups, objectsOf } from "./objects.js";

/** One of several kinds under one name is what the name means most often. */
const PRECEDENCE: readonly (readonly ObjectGroup[])[] = [
  ["table", "view"],
  ["sequence", "index"],
  ["type"],
  ["function"],
  ["schema"],
  ["extension"],
  ["column", "trigger"],
];

interface Candidate extends CatalogObject {
  system: boolean;
}

/**
 * Finds the object that a name means: `name`, `schema.name`, `table.column`, `schema.table.column`, with quotes as in SQL, and
 * of a function `name(types)`. A name in capitals is also taken as it is written where folding it finds nothing.
 * @param groups what it may be; default: anything
 * @throws ToolError NOT_FOUND with what may have been meant; AMBIGUOUS with what it can mean; INVALID_ARGUMENT for no name
 */
export async function resolveObject(
  reader: Reader,
  written: string,
  groups: readonly ObjectGroup[] = objectGroups,
): Promise<CatalogObject> {
  const name = parseObjectName(written);
  const candidates = await candidatesFor(reader, name, groups);
  const named = [folded, (part: Identifier) => part.text]
    .map((read) => candidates.filter((candidate) => matches(candidate, name.path.map(read))))
    .find((found) => found.length > 0);
  const called = (named ?? []).filter(({ label }) => name.args === undefined || label.endsWith(argumentsOf(name.args)));
  const [found, ...others] = preferred(called);
  if (!found) throw await notFound(reader, written, name, { groups, alike: candidates });
  if (others.length > 0) throw ambiguous(written, [found, ...others]);
  return found;
}

/** Objects whose own name is the last part, whatever the case. */
function candidatesFor(reader: Reader, { path }: ObjectName, groups: readonly ObjectGroup[]): Promise<Candidate[]> {
  // A column is nothing by itself: every table may have one of the name.
  const possible = groups.filter((group) => path.length > 1 || (group !== "column" && group !== "trigger"));
  return reader.rows<Candidate>(
    `SELECT o.*, ${isSystemSchema("o.schema")} AS system FROM ${objectsOf(possible, "o")} WHERE o.name ~ $1`,
    [anyCase(path.at(-1)?.text ?? "")],
  );
}

/** Whether the parts are the end of the object's full path; a schema and an extension have no path. */
function matches({ schema, parent, name, group }: Candidate, parts: readonly string[]): boolean {
  const full =
    group === "schema" || group === "extension" ? [name] : [schema, ...(parent === null ? [] : [parent]), name];
  return parts.length <= full.length && full.slice(-parts.length).every((part, index) => part === parts[index]);
}

function preferred(candidates: readonly Candidate[]): Candidate[] {
  const own = candidates.filter(({ system }) => !system);
  const pool = own.length > 0 ? own : candidates;
  const best = PRECEDENCE.find((groups) => pool.some(({ group }) => groups.includes(group)));
  return pool.filter(({ group }) => best?.includes(group));
}

const argumentsOf = (args: string) =>
  `(${args
    .split(",")
    .map((type) => type.trim())
    .join(", ")})`;

const ambiguous = (written: string, found: readonly Candidate[]) =>
  new ToolError("AMBIGUOUS", `${written} can mean ${listed(found)}`, { hint: "Name one of them in full" });

const listed = (found: readonly CatalogObject[]) =>
  `${found
    .slice(0, 10)
    .map(({ label }) => label)
    .join(", ")}${found.length > 10 ? ` and ${found.length - 10} more` : ""}`;

async function notFound(
  reader: Reader,
  written: string,
  { path }: ObjectName,
  { groups, alike }: { groups: readonly ObjectGroup[]; alike: readonly Candidate[] },
): Promise<ToolError> {
  const likely = alike.filter(({ parent }) => parent === null);
  const meant =
    likely.length > 0 ? likely : alike.length > 0 ? alike : await similar(reader, path.at(-1)?.text ?? "", groups);
  const hint =
    meant.length > 0
      ? `Did you mean ${listed(meant.slice(0, 5))}?`
      : "Look for it with search_objects; it may also be in another database";
  return new ToolError("NOT_FOUND", `there is no ${written} in this database`, { hint });
}

/** As many names as are looked through for one that was misspelt. */
const MOST_NAMES = 20_000;

async function similar(reader: Reader, word: string, groups: readonly ObjectGroup[]): Promise<CatalogObject[]> {
  const searched = groups.filter((group) => ["table", "view", "function", "type", "schema"].includes(group));
  if (searched.length === 0) return [];
  const known = await reader.rows<CatalogObject>(
    `SELECT * FROM ${objectsOf(searched, "o")} WHERE NOT ${isSystemSchema("o.schema")} ORDER BY position, label LIMIT $1`,
    [MOST_NAMES],
  );
  return closestNames(word, known, ({ name }) => name);
}
