import type { Reader } from "../engine/types.js";
import { DETAILED, QUICK } from "./lookup-sql.js";
import type { MaskRule } from "./masks.js";
import type { Mentions, Name } from "./names.js";
import { HARMLESS_BUILTINS } from "./reviewed.js";

/** A function that the statement runs, one way or another, and that may not be harmless. */
export interface FunctionFact {
  /** How it is reached: named by the statement, or through an operator, cast, domain or view. */
  via: "call" | "operator" | "cast" | "domain" | "view";
  /** The function that was named (an aggregate runs others), the operator, type or view. */
  what: string;
  whatSchema: string;
  /** Of a function that was named; null otherwise. */
  args: number | null;
  defaults: number | null;
  variadic: boolean | null;
  aggregate: boolean | null;
  /** Its first argument may be a row. */
  takesRow: boolean | null;
  schema: string;
  name: string;
  ownArgs: number;
  builtin: boolean;
  extension: string | null;
  volatile: boolean;
  /** Runs as an owner who may reach the server's files and programs. */
  elevated: boolean;
  /** PostgreSQL's own constructor of a range type. */
  constructor: boolean;
}

/** A relation that the statement names (`viewed` false) or reaches through a view (`viewed` true). */
export interface RelationFact {
  root: number;
  rootName: string;
  rootSchema: string;
  viewed: boolean;
  schema: string;
  name: string;
  /** The foreign-data wrapper's handler, for a foreign table. */
  handler: { schema: string; name: string; extension: string | null } | null;
}

/** A column that a mask rule covers, of the relation `root` itself or of one that `root` shows (`viewed`). */
export interface MaskedFact {
  root: number;
  viewed: boolean;
  name: string;
  /** attnum in `root`; null when it has no column of this name. */
  column: number | null;
  show: "hidden" | "last4";
  /** A rule names the relation, not just any. */
  explicit: boolean;
}

export interface Facts {
  /** `server_version_num` */
  version: number;
  encoding: string;
  /** Schemas that unqualified names are searched in. */
  path: readonly string[];
  /** The role may reach the server's files, programs or other sessions. */
  privileged: boolean;
  /** A setting that holds a password is among those the role may read. */
  secretSettings: boolean;
  functions: readonly FunctionFact[];
  relations: readonly RelationFact[];
  masked: readonly MaskedFact[];
  /** Every column of relations with masked columns, by `root`; system columns too. */
  columns: Readonly<Record<string, readonly string[]>>;
}

const SETTINGS = new Set(["pg_settings", "pg_show_all_settings"]);

/**
 * Asks the catalog about what a statement names, under the search_path that the statement will run with.
 * Most statements name ordinary tables and PostgreSQL's own functions: one cheap query finds that out (its planning is most
 * of its time), and only what involves views, inheritance or things made by users costs a second, thorough one.
 */
export async function lookUp(mentions: Mentions, masks: readonly MaskRule[], reader: Reader): Promise<Facts> {
  const quick = await reader.rows<{ version: number; encoding: string; involved: boolean }>(QUICK, [
    mentions.functions.map(({ name }) => name),
    mentions.operators.map(({ name }) => name),
    mentions.types.map(({ name }) => name),
    mentions.relations.map(({ name }) => name),
    HARMLESS_BUILTINS,
    masks.map(({ table }) => table),
  ]);
  const [{ version, encoding, involved } = { version: 0, encoding: "", involved: true }] = quick;
  const asksSettings = [...mentions.relations, ...mentions.functions].some(({ name }) => SETTINGS.has(name));
  if (!involved && !asksSettings) {
    const none = { path: [], privileged: false, secretSettings: false, functions: [], relations: [], masked: [] };
    return { version, encoding, ...none, columns: {} };
  }
  const rows = await reader.rows<Omit<Facts, "version" | "encoding">>(DETAILED, [
    mentions.functions.map(({ name }) => name),
    mentions.operators.map(({ name }) => name),
    mentions.types.map(({ name }) => name),
    mentions.relations.map(({ name }) => name),
    schemasOf(mentions),
    masks.map(({ schema }) => schema),
    masks.map(({ table }) => table),
    masks.map(({ column }) => column),
    masks.map(({ show }) => show),
    asksSettings,
  ]);
  const [facts] = rows;
  if (!facts) throw new Error("the catalog lookup gave no row");
  return { version, encoding, ...facts };
}

function schemasOf(mentions: Mentions): string[] {
  const names: Name[] = [...mentions.functions, ...mentions.operators, ...mentions.types, ...mentions.relations];
  return [...new Set(names.flatMap(({ schema }) => schema ?? []))];
}
