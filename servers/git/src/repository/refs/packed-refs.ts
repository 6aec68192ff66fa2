import { lstatSync } from "node:fs";
import { ToolError } from "@mcp-reference/validation";
import { type ByteString, fsPath } from "../bytes/byte-string.js";
import type { ConfinedFiles } from "../confined/confined-files.js";
import type { ObjectId } from "../object-id.js";
import { isRefName } from "./ref-format.js";

export interface PackedRef {
  readonly name: ByteString;
  readonly oid: ObjectId;
  /** What the tag that it names peels to. */
  readonly peeled: ObjectId | undefined;
}

export interface PackedRefs {
  /** By name, in byte order. */
  readonly refs: ReadonlyMap<ByteString, PackedRef>;
  /** What the file says of itself, such as `peeled`: to be kept when it is written again. */
  readonly traits: readonly string[];
}

export const PACKED_REFS = "packed-refs";
const MOST_BYTES = 128 << 20;
const LINE = /^([0-9a-f]{40}) (\S+)$/;
const PEELED_LINE = /^\^([0-9a-f]{40})$/;

/** `packed-refs`, parsed once for each version of the file. */
export class PackedRefsFile {
  readonly #files: ConfinedFiles;
  #version = "";
  #refs: PackedRefs = { refs: new Map(), traits: [] };

  private constructor(commonDir: ConfinedFiles) {
    this.#files = commonDir;
  }

  static readonly #of = new WeakMap<ConfinedFiles, PackedRefsFile>();

  /** The one of a repository: it outlives the stores that read it. */
  static of(commonDir: ConfinedFiles): PackedRefsFile {
    const file = PackedRefsFile.#of.get(commonDir) ?? new PackedRefsFile(commonDir);
    PackedRefsFile.#of.set(commonDir, file);
    return file;
  }

  /** What is on disk now. @throws ToolError UPSTREAM for a damaged file, TOO_LARGE */
  read(): PackedRefs {
    const version = this.#versionOnDisk();
    if (version !== this.#version) {
      this.#refs = parsePackedRefs(this.#files.read(PACKED_REFS, MOST_BYTES)?.toString("latin1") ?? "");
      this.#version = version;
    }
    return this.#refs;
  }

  #versionOnDisk(): string {
    const stats = lstatSync(fsPath(this.#files.path(PACKED_REFS)), { bigint: true, throwIfNoEntry: false });
    return stats ? `${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}` : "";
  }
}

/** @throws ToolError UPSTREAM */
function parsePackedRefs(content: ByteString): PackedRefs {
  const refs: PackedRef[] = [];
  for (const line of content.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const peeled = PEELED_LINE.exec(line)?.[1];
    const last = refs.at(-1);
    if (peeled !== undefined && last !== undefined) {
      refs[refs.length - 1] = { ...last, peeled };
      continue;
    }
    const [, oid, name] = LINE.exec(line) ?? [];
    if (oid === undefined || name === undefined) throw damaged();
    refs.push({ name, oid, peeled: undefined });
  }
  // As git does: a name that no ref can have is passed over.
  const named = refs.filter(({ name }) => isRefName(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
  return { refs: new Map(named.map((ref) => [ref.name, ref])), traits: traitsOf(content) };
}

const traitsOf = (content: ByteString): string[] =>
  /^# pack-refs with:([a-z -]*)\n/.exec(content)?.[1]?.split(" ").filter(Boolean) ?? [];

const damaged = () =>
  new ToolError("UPSTREAM", "packed-refs is damaged", { hint: "Mend it, or delete the damaged line" });

/** The whole file, for refs in byte order. */
export function formatPackedRefs(refs: Iterable<PackedRef>, traits: readonly string[]): Buffer {
  const lines = [`# pack-refs with: ${[...new Set([...traits, "sorted"])].join(" ")} \n`];
  for (const { name, oid, peeled } of refs) {
    lines.push(`${oid} ${name}\n`);
    if (peeled !== undefined) lines.push(`^${peeled}\n`);
  }
  return Buffer.from(lines.join(""), "latin1");
}
