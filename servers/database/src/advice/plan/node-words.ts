import type { PlanNode } from "./plan-node.js";

/** What a node does, in words: `Scan all of orders o, keep status = 'open'`. */
export function nodeWords(node: PlanNode): string {
  const words = [ACTIONS[node["Node Type"]]?.(node) ?? node["Node Type"], ...conditions(node)];
  return [subplan(node), words.join(", ")].filter(Boolean).join(": ");
}

type Words = (node: PlanNode) => string;

const ACTIONS: Record<string, Words> = {
  "Seq Scan": (node) => `Scan all of ${relation(node)}`,
  "Sample Scan": (node) => `Sample ${relation(node)}`,
  "Index Scan": (node) => `Look up ${relation(node)} by ${index(node)}`,
  "Index Only Scan": (node) => `Read ${relation(node)} from ${index(node)} alone`,
  "Bitmap Heap Scan": (node) => `Fetch ${relation(node)} rows found in indexes`,
  "Bitmap Index Scan": (node) => `Search ${index(node)}`,
  BitmapAnd: () => "Keep rows found by all of",
  BitmapOr: () => "Keep rows found by any of",
  "Tid Scan": (node) => `Fetch ${relation(node)} by row address`,
  "Subquery Scan": (node) => `Read subquery ${node.Alias ?? ""}`,
  "Function Scan": (node) => `Call ${node["Function Name"] ?? node.Alias ?? "function"}`,
  "Values Scan": () => "Read VALUES",
  "CTE Scan": (node) => `Read CTE ${node["CTE Name"] ?? ""}`,
  "WorkTable Scan": () => "Read the rows of the last round",
  "Foreign Scan": (node) => `Read ${relation(node)} from the foreign server`,
  Result: () => "Compute a row",
  "Nested Loop": (node) => `${joined(node)} row by row (nested loop)`,
  "Hash Join": (node) => `${joined(node)} by hash`,
  "Merge Join": (node) => `${joined(node)} by merging sorted rows`,
  Hash: () => "Build hash table",
  Sort: (node) => `Sort by ${list(node["Sort Key"])}`,
  "Incremental Sort": (node) => `Finish sorting by ${list(node["Sort Key"])}`,
  Limit: () => "Stop after the first rows (LIMIT)",
  Aggregate: (node) =>
    `${node["Partial Mode"] === "Partial" ? "Aggregate in part" : "Aggregate"}${grouped(node)}${strategy(node)}`,
  Group: (node) => `Group by ${list(node["Group Key"])}`,
  WindowAgg: () => "Compute window functions",
  Unique: () => "Drop adjacent duplicates",
  Append: () => "Append",
  "Merge Append": (node) => `Append in order of ${list(node["Sort Key"])}`,
  "Recursive Union": () => "Recurse (WITH RECURSIVE)",
  SetOp: (node) => `${node.Command ?? "Set operation"}`,
  Materialize: () => "Keep rows for repeated reading",
  Memoize: () => "Cache looked-up rows",
  Gather: (node) => `Gather from ${workers(node)}`,
  "Gather Merge": (node) => `Gather in order from ${workers(node)}`,
  ProjectSet: () => "Expand set-returning functions",
  LockRows: () => "Lock rows",
};

const relation = (node: PlanNode) => {
  const name = [node.Schema === "public" ? undefined : node.Schema, node["Relation Name"]].filter(Boolean).join(".");
  return node.Alias !== undefined && node.Alias !== node["Relation Name"] ? `${name} ${node.Alias}` : name;
};
const index = (node: PlanNode) => `index ${hypothetical(node["Index Name"] ?? "")}`;
/** HypoPG names its indexes `<13556>btree_t_a`. */
const hypothetical = (name: string) => name.replace(/^<\d+>/, "hypothetical ");
const list = (keys: string[] = []) => clip(keys.join(", "));
const workers = (node: PlanNode) => {
  const [planned, launched] = [node["Workers Planned"] ?? 0, node["Workers Launched"]];
  if (launched === undefined || launched === planned) return `${planned} worker${planned === 1 ? "" : "s"}`;
  return `${launched} of ${planned} workers`;
};
const grouped = (node: PlanNode) => (node["Group Key"] ? ` by ${list(node["Group Key"])}` : "");
const strategy = (node: PlanNode) => (node.Strategy === "Hashed" ? " (hash)" : "");
const subplan = (node: PlanNode) => node["Subplan Name"];

const JOINS: Record<string, string> = {
  Inner: "Join",
  Left: "Left join",
  Right: "Right join",
  Full: "Full join",
  Semi: "Keep rows with a match,",
  Anti: "Keep rows without a match,",
};
const joined = (node: PlanNode) => JOINS[node["Join Type"] ?? "Inner"] ?? `${node["Join Type"]} join`;

function conditions(node: PlanNode): string[] {
  const { "Hash Cond": hash, "Merge Cond": merge, "Index Cond": index, "Join Filter": join, Filter: filter } = node;
  return [
    ...[hash, merge].flatMap((text) => (text ? `on ${bare(text)}` : [])),
    ...(index ? [`where ${bare(index)}`] : []),
    ...[join, filter, node["One-Time Filter"]].flatMap((text) => (text ? `keep ${bare(text)}` : [])),
  ];
}

/** `((a = 1) AND (b = 2))` without the outer brackets, cut. */
const bare = (text: string) => clip(isBracketed(text) ? text.slice(1, -1) : text);

function isBracketed(text: string): boolean {
  if (!text.startsWith("(")) return false;
  let depth = 0;
  for (const [place, letter] of [...text].entries()) {
    if (letter === "(") depth++;
    if (letter === ")") depth--;
    if (depth === 0) return place === [...text].length - 1;
  }
  return false;
}

const LONGEST = 120;
const clip = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
