import type { ByteString } from "../../repository/bytes/byte-string.js";
import type { Repository } from "../../repository/repository.js";
import { mergeText, type SideLabels } from "../lines/merge-text.js";
import { kindOf, LINK, REGULAR, type TreeMergeOptions, type Version } from "./types.js";

/** A file of which two versions come together; the base is missing where both sides added it. */
export interface FileToMerge {
  readonly path: ByteString;
  readonly base: Version | undefined;
  readonly ours: Version;
  readonly theirs: Version;
  /** What the sides call it, where a rename made that differ. */
  readonly names: SideLabels;
  /** Characters that conflict markers are longer than usual, so that nested ones can be told apart. */
  readonly extraMarker: number;
}

export interface MergedFile {
  /** Undefined where neither side can serve as a base. */
  readonly version: Version | undefined;
  readonly clean: boolean;
  /** What a person should know besides. */
  readonly remark?: ByteString;
}

/** Git takes a file for binary when a NUL is among its first bytes. */
const BINARY_PROBE_BYTES = 8000;
/** Larger files are kept as ours, as binary ones are. */
const MOST_TEXT_BYTES = 64 << 20;
const EMPTY = Buffer.alloc(0);

/** Merges modes and contents of one file; what cannot be merged stays ours, or the base's in a merge of merge bases. */
export function mergeFile(repo: Repository, file: FileToMerge, options: TreeMergeOptions): MergedFile {
  const { base, ours, theirs } = file;
  const { mode, clean } = mergeModes(file);
  if (ours.oid === theirs.oid || ours.oid === base?.oid) return { version: { mode, oid: theirs.oid }, clean };
  if (theirs.oid === base?.oid) return { version: { mode, oid: ours.oid }, clean };
  if (kindOf(ours) === REGULAR) {
    const content = mergeContents(repo, file, options);
    return {
      ...content,
      version: { mode, oid: repo.objects.write("blob", content.content) },
      clean: clean && content.clean,
    };
  }
  const usesBase = (options.depth ?? 0) > 0 && (kindOf(ours) === LINK || kindOf(base) !== kindOf(ours));
  return { version: usesBase ? base : { mode, oid: ours.oid }, clean: false };
}

function mergeModes({ base, ours, theirs }: FileToMerge): { mode: number; clean: boolean } {
  if (ours.mode === theirs.mode || ours.mode === base?.mode) return { mode: theirs.mode, clean: true };
  return { mode: ours.mode, clean: theirs.mode === base?.mode };
}

interface MergedContent {
  readonly content: Buffer;
  readonly clean: boolean;
  readonly remark?: ByteString;
}

function mergeContents(repo: Repository, file: FileToMerge, options: TreeMergeOptions): MergedContent {
  const isVirtual = (options.depth ?? 0) > 0;
  const base = kindOf(file.base) === REGULAR && file.base ? repo.objects.blob(file.base.oid) : EMPTY;
  const [ours, theirs] = [repo.objects.blob(file.ours.oid), repo.objects.blob(file.theirs.oid)];
  const driver = driverOf(repo, file.path, [base, ours, theirs]);
  if (driver.kind === "binary") {
    return { content: isVirtual ? base : ours, clean: false, ...(driver.remark && { remark: driver.remark }) };
  }
  const merge = mergeText(base, ours, theirs, {
    labels: labelsOf(file.names, options.labels),
    style: options.style ?? "merge",
    union: driver.kind === "union",
    markerSize: markerSizeOf(repo, file.path) + file.extraMarker,
  });
  return { content: merge.content, clean: merge.conflicts === 0 };
}

interface Driver {
  readonly kind: "text" | "binary" | "union";
  readonly remark?: ByteString;
}

/** How the attribute `merge` wants a path merged. Drivers that are programs are never run: both sides are left to the user. */
function driverOf(repo: Repository, path: ByteString, contents: readonly Buffer[]): Driver {
  const attribute = repo.attributes().get(path, "merge");
  const name = typeof attribute === "string" ? attribute : attribute === undefined && repo.config.get("merge.default");
  if (attribute === false || name === "binary") return { kind: "binary" };
  if (typeof name === "string" && !["text", "union"].includes(name) && repo.config.get(`merge.${name}.driver`)) {
    return { kind: "binary", remark: `${path}: its merge driver is a program, which is not run here; ours was kept` };
  }
  if (contents.some(isBinary)) return { kind: "binary", remark: `Cannot merge binary file ${path}; ours was kept` };
  return { kind: name === "union" ? "union" : "text" };
}

const isBinary = (content: Buffer): boolean =>
  content.length > MOST_TEXT_BYTES || content.subarray(0, BINARY_PROBE_BYTES).includes(0);

function markerSizeOf(repo: Repository, path: ByteString): number {
  const size = Number(repo.attributes().get(path, "conflict-marker-size"));
  return Number.isInteger(size) && size > 0 && size <= 1000 ? size : 7;
}

function labelsOf(names: SideLabels, labels: SideLabels): SideLabels {
  if (names.base === names.ours && names.base === names.theirs) return labels;
  return {
    base: `${labels.base}:${names.base}`,
    ours: `${labels.ours}:${names.ours}`,
    theirs: `${labels.theirs}:${names.theirs}`,
  };
}
