import type { Reader } from "../../engine/types.js";
import { readRelations } from "../relations/read-relations.js";
import type { Relation } from "../relations/relation.js";
import { type Condition, conditionsOf, type SortKey, sortKeysOf } from "./conditions.js";
import { ownShares, type PlacedNode, type Plan, placeNodes, timeOf } from "./plan-node.js";

/** A plan with all that its judges need. */
export interface JudgedPlan {
  plan: Plan;
  placed: readonly PlacedNode[];
  /** Own share of each node in the time, or in the cost where the plan did not run. */
  shares: ReadonlyMap<PlacedNode, number>;
  ran: boolean;
  /** By `schema.name`. */
  relations: ReadonlyMap<string, Relation>;
  conditions: ReadonlyMap<PlacedNode, readonly Condition[]>;
  /** What nodes sort or group by, where that is one relation's. */
  sortKeys: ReadonlyMap<PlacedNode, readonly SortKey[]>;
  /** Casts that change nothing and so defeat no index, as `varchar:text`. */
  freeCasts: ReadonlySet<string>;
  serverVersion: number;
}

/** Something worth knowing about a plan. */
export interface Finding {
  /** Share of time or cost that is at stake, 0 to 1: what orders findings. */
  weight: number;
  found: string;
  advice: string;
}

export type Judge = (judged: JudgedPlan) => Finding[];

/** Reads what the catalogs know of a plan's relations. */
export async function readJudgedPlan(session: Reader & { serverVersion: number }, plan: Plan): Promise<JudgedPlan> {
  const placed = placeNodes(plan);
  const names = placed.flatMap(({ node: { Schema: schema, "Relation Name": name } }) =>
    schema && name ? [{ schema, name }] : [],
  );
  const distinct = [...new Map(names.map((name) => [`${name.schema}.${name.name}`, name])).values()];
  const casts = await session.rows<{ pair: string }>(
    `SELECT s.typname || ':' || t.typname AS pair FROM pg_cast c
     JOIN pg_type s ON s.oid = c.castsource JOIN pg_type t ON t.oid = c.casttarget WHERE c.castmethod = 'b'`,
  );
  const conditions = await Promise.all(placed.map(async (place) => [place, await conditionsOf(place.node)] as const));
  const sorted = await Promise.all(placed.map(async (place) => [place, await sortKeysOf(place.node)] as const));
  return {
    plan,
    placed,
    shares: ownShares(placed),
    ran: placed[0] !== undefined && timeOf(placed[0]) !== undefined,
    relations: await readRelations(session, distinct),
    conditions: new Map(conditions),
    sortKeys: new Map(sorted.flatMap(([place, keys]) => (keys ? [[place, keys] as const] : []))),
    freeCasts: new Set(casts.map(({ pair }) => pair)),
    serverVersion: session.serverVersion,
  };
}

/** The table that a node reads. */
export const relationOf = ({ relations }: JudgedPlan, { node }: PlacedNode): Relation | undefined =>
  relations.get(`${node.Schema}.${node["Relation Name"]}`);

/** The node that reads a relation, by the name the plan gives it. */
export const scanOf = ({ placed }: JudgedPlan, alias: string): PlacedNode | undefined =>
  placed.find(({ node }) => node.Alias === alias && node["Relation Name"] !== undefined);

/** How a finding names a node: what it reads, or what it is. */
export const nodeName = ({ node }: PlacedNode): string =>
  node["Relation Name"] === undefined ? node["Node Type"].toLowerCase() : (node.Alias ?? node["Relation Name"]);
