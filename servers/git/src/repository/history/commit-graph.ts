import { ToolError } from "@mcp-reference/validation";
import type { ConfinedFiles } from "../confined/confined-files.js";
import type { Layout } from "../layout/types.js";
import { isObjectId, type ObjectId } from "../object-id.js";
import type { PathKeys } from "./changed-paths.js";
import { CommitGraphLayer, damagedGraph } from "./commit-graph-layer.js";
import type { CommitNode } from "./commit-nodes.js";

const SINGLE_FILE = "info/commit-graph";
const CHAIN_FILE = "info/commit-graphs/commit-graph-chain";
/** Larger ones are done without. */
const MOST_BYTES = 256 << 20;
const MOST_LAYERS = 64;

/** Commits in a form that is quick to read, as `git commit-graph write` leaves them: one file, or a chain of them. */
export class CommitGraph {
  readonly #layers: readonly CommitGraphLayer[];
  /** Number of commits in the layers before each. */
  readonly #starts: readonly number[];
  readonly #total: number;
  readonly #generations: "dates" | "levels" | "none";

  /** @param layers the oldest first */
  constructor(layers: readonly CommitGraphLayer[]) {
    let total = 0;
    this.#layers = layers;
    this.#starts = layers.map(({ count }) => {
      total += count;
      return total - count;
    });
    this.#total = total;
    if (layers.every((layer) => layer.hasCorrectedDates)) this.#generations = "dates";
    else this.#generations = layers.every((layer) => layer.hasLevels) ? "levels" : "none";
  }

  /** Undefined for a commit that is not in it. @throws ToolError UPSTREAM */
  node(oid: ObjectId): CommitNode | undefined {
    const id = Buffer.from(oid, "hex");
    for (const [nth, layer] of this.#layers.entries()) {
      const index = layer.find(id);
      if (index !== undefined) return this.#nodeAt(oid, layer, index, (this.#starts[nth] ?? 0) + index);
    }
    return undefined;
  }

  /** False only if the commit at that place certainly changed none of the paths, as compared with its first parent. */
  mayHaveChanged(position: number, paths: readonly PathKeys[]): boolean {
    const { layer, index } = this.#at(position);
    const { changedPaths } = layer;
    return changedPaths === undefined || paths.some((path) => changedPaths.mayHaveChanged(index, path));
  }

  #nodeAt(oid: ObjectId, layer: CommitGraphLayer, index: number, position: number): CommitNode {
    const { tree, parents, date, level, correctedDate } = layer.entry(index);
    const known = this.#generations === "dates" ? correctedDate : level;
    const generation = this.#generations === "none" ? undefined : known;
    return {
      oid,
      tree,
      parents: parents.map((parent) => this.#idAt(parent)),
      date,
      generation: generation ?? Number.POSITIVE_INFINITY,
      position,
    };
  }

  #idAt(position: number): ObjectId {
    const { layer, index } = this.#at(position);
    return layer.idAt(index);
  }

  #at(position: number): { layer: CommitGraphLayer; index: number } {
    const nth = position < this.#total ? this.#starts.findLastIndex((start) => start <= position) : -1;
    const layer = this.#layers[nth];
    if (layer === undefined) throw damagedGraph();
    return { layer, index: position - (this.#starts[nth] ?? 0) };
  }
}

interface Opened {
  readonly version: string;
  readonly graph: CommitGraph | undefined;
}

const kept = new WeakMap<Layout, Opened>();

/** The commit-graph of a repository or of one of its alternates, read once for each version of it; undefined where there is none. */
export function openCommitGraph(layout: Layout): CommitGraph | undefined {
  const version = layout.objectDirs
    .flatMap((files) => [versionOf(files, SINGLE_FILE), versionOf(files, CHAIN_FILE)])
    .join();
  const known = kept.get(layout);
  if (known?.version === version) return known.graph;
  const graph = read(layout.objectDirs);
  kept.set(layout, { version, graph });
  return graph;
}

function versionOf(files: ConfinedFiles, name: string): string {
  const stats = files.stat(name);
  return stats === undefined ? "" : `${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}`;
}

/** History can be read without it: one that is damaged or unknown is left alone. */
function read(objectDirs: readonly ConfinedFiles[]): CommitGraph | undefined {
  for (const files of objectDirs) {
    try {
      const layers = readSingle(files) ?? readChain(files, objectDirs);
      if (layers !== undefined) return new CommitGraph(layers);
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
    }
  }
  return undefined;
}

function readSingle(files: ConfinedFiles): CommitGraphLayer[] | undefined {
  const file = files.read(SINGLE_FILE, MOST_BYTES);
  return file && [new CommitGraphLayer(file)];
}

function readChain(files: ConfinedFiles, everywhere: readonly ConfinedFiles[]): CommitGraphLayer[] | undefined {
  const names = files
    .read(CHAIN_FILE, MOST_LAYERS * 41)
    ?.toString("latin1")
    .trim()
    .split("\n");
  return names?.map((name) => {
    const file = isObjectId(name) && firstOf(everywhere, `info/commit-graphs/graph-${name}.graph`);
    if (!file) throw damagedGraph();
    return new CommitGraphLayer(file);
  });
}

function firstOf(directories: readonly ConfinedFiles[], name: string): Buffer | undefined {
  for (const files of directories) {
    const file = files.read(name, MOST_BYTES);
    if (file !== undefined) return file;
  }
  return undefined;
}
