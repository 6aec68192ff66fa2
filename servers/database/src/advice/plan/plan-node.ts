/** A node of EXPLAIN (FORMAT JSON), under PostgreSQL's own names. Times in milliseconds, memory and disk in kB, blocks of 8 kB. */
export interface PlanNode {
  "Node Type": string;
  "Parent Relationship"?: string;
  "Subplan Name"?: string;
  "Join Type"?: string;
  "Inner Unique"?: boolean;
  Strategy?: string;
  "Partial Mode"?: string;
  Command?: string;
  Operation?: string;
  "Scan Direction"?: string;
  "Relation Name"?: string;
  Schema?: string;
  Alias?: string;
  "Index Name"?: string;
  "CTE Name"?: string;
  "Function Name"?: string;
  "Startup Cost": number;
  "Total Cost": number;
  "Plan Rows": number;
  "Plan Width": number;
  "Actual Startup Time"?: number;
  "Actual Total Time"?: number;
  "Actual Rows"?: number;
  "Actual Loops"?: number;
  Output?: string[];
  Filter?: string;
  "One-Time Filter"?: string;
  "Index Cond"?: string;
  "Recheck Cond"?: string;
  "Hash Cond"?: string;
  "Merge Cond"?: string;
  "Join Filter"?: string;
  "Order By"?: string;
  "Sort Key"?: string[];
  "Presorted Key"?: string[];
  "Group Key"?: string[];
  "Sort Method"?: string;
  "Sort Space Used"?: number;
  "Sort Space Type"?: string;
  "Hash Batches"?: number;
  "Peak Memory Usage"?: number;
  "Disk Usage"?: number;
  "HashAgg Batches"?: number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Join Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  "Heap Fetches"?: number;
  "Exact Heap Blocks"?: number;
  "Lossy Heap Blocks"?: number;
  "Workers Planned"?: number;
  "Workers Launched"?: number;
  "Shared Hit Blocks"?: number;
  "Shared Read Blocks"?: number;
  "Temp Read Blocks"?: number;
  "Temp Written Blocks"?: number;
  Plans?: PlanNode[];
}

/** What EXPLAIN (FORMAT JSON) says of one statement. */
export interface Plan {
  Plan: PlanNode;
  "Planning Time"?: number;
  "Execution Time"?: number;
  JIT?: { Functions: number; Timing?: { Total: number } };
  Settings?: Record<string, string>;
}

/** A node in its place. */
export interface PlacedNode {
  readonly node: PlanNode;
  readonly parent: PlacedNode | undefined;
  readonly children: readonly PlacedNode[];
  readonly depth: number;
  /** Processes that share the node's work: workers and leader. */
  readonly processes: number;
}

/** Every node with its parent, children and depth; a parent before its children. */
export function placeNodes(plan: Plan): PlacedNode[] {
  const placed: PlacedNode[] = [];
  const place = (node: PlanNode, parent: PlacedNode | undefined, processes: number): PlacedNode => {
    const children: PlacedNode[] = [];
    const self = { node, parent, children, depth: parent ? parent.depth + 1 : 0, processes };
    placed.push(self);
    const workers = node["Workers Launched"];
    for (const child of node.Plans ?? [])
      children.push(place(child, self, workers === undefined ? processes : workers + 1));
    return self;
  };
  place(plan.Plan, undefined, 1);
  return placed;
}

/** Rows the planner expected a node to give in all its loops, in every process. */
export const rowsExpected = ({ node }: PlacedNode) => node["Plan Rows"] * (node["Actual Loops"] ?? 1);

/** Rows it gave; undefined where the plan did not run. */
export const rowsGiven = ({ node }: PlacedNode): number | undefined => {
  const rows = node["Actual Rows"];
  return rows === undefined ? undefined : rows * (node["Actual Loops"] ?? 1);
};

/** Rows read and thrown away by filters, in all loops. */
export const rowsRemoved = ({ node }: PlacedNode) =>
  ((node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Join Filter"] ?? 0)) * (node["Actual Loops"] ?? 1);

/** Wall-clock milliseconds spent in a node and what is below it; undefined where the plan did not run. */
export const timeOf = ({ node, processes }: PlacedNode): number | undefined => {
  const time = node["Actual Total Time"];
  return time === undefined ? undefined : (time * (node["Actual Loops"] ?? 1)) / processes;
};

/**
 * What each node took itself, without what is below it: milliseconds where the plan ran, the planner's cost units where
 * it did not. A CTE's time counts where it is read, which is where PostgreSQL measures it.
 */
export function ownShares(placed: readonly PlacedNode[]): Map<PlacedNode, number> {
  const spent = (place: PlacedNode) => timeOf(place) ?? place.node["Total Cost"];
  const ran = placed[0] !== undefined && timeOf(placed[0]) !== undefined;
  const own = new Map<PlacedNode, number>();
  const ctes = new Map(placed.filter(isCte).map((place) => [place.node["Subplan Name"], place]));
  for (const place of placed) {
    const below = place.children.filter((child) => !(ran && isCte(child)));
    let left = spent(place) - below.reduce((sum, child) => sum + spent(child), 0);
    const cte = place.node["CTE Name"] && ctes.get(`CTE ${place.node["CTE Name"]}`);
    if (ran && cte) {
      left -= spent(cte);
      ctes.delete(`CTE ${place.node["CTE Name"]}`);
    }
    own.set(place, Math.max(left, 0));
  }
  const total = [...own.values()].reduce((sum, value) => sum + value, 0) || 1;
  return new Map([...own].map(([place, value]) => [place, value / total]));
}

const isCte = ({ node }: PlacedNode) => node["Subplan Name"]?.startsWith("CTE ") === true;
