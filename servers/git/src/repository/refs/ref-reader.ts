import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../bytes/byte-string.js";
import type { Layout } from "../layout/types.js";
import type { ObjectId } from "../object-id.js";
import { type LooseRef, looseRefNames, readLooseRef } from "./loose-refs.js";
import { type PackedRef, type PackedRefs, PackedRefsFile } from "./packed-refs.js";
import { isRefName } from "./ref-format.js";
import type { Ref } from "./types.js";

/** As many symbolic refs as git follows one after another. */
const MOST_STEPS = 5;

/** Where following symbolic refs ends. */
export interface FollowedRef {
  /** The last name, whether or not that ref exists. */
  readonly ref: ByteString;
  readonly oid: ObjectId | undefined;
}

/** Reads refs as they are on disk now: loose ones before packed ones. */
export class RefReader {
  readonly #layout: Layout;
  readonly #packed: PackedRefsFile;

  constructor(layout: Layout) {
    this.#layout = layout;
    this.#packed = PackedRefsFile.of(layout.commonDir);
  }

  packed(): PackedRefs {
    return this.#packed.read();
  }

  /** What a ref itself says; undefined where there is none, or none of that name can be. */
  raw(ref: ByteString): LooseRef | undefined {
    if (!isRefName(ref)) return undefined;
    const loose = readLooseRef(this.#layout, ref);
    if (loose !== undefined || !ref.startsWith("refs/")) return loose;
    const oid = this.packed().refs.get(ref)?.oid;
    if (oid !== undefined) return { kind: "direct", oid };
    // It may have been packed, and its file removed, between the two looks.
    return readLooseRef(this.#layout, ref);
  }

  /** @throws ToolError UPSTREAM for a ref of unknown content, and for symbolic refs in a circle */
  follow(start: ByteString): FollowedRef {
    let ref = start;
    for (let step = 0; step <= MOST_STEPS; step++) {
      const found = this.raw(ref);
      if (found?.kind === "broken") throw brokenRef(ref);
      if (found?.kind !== "symbolic") return { ref, oid: found?.oid };
      ref = found.target;
    }
    throw new ToolError("UPSTREAM", `${textOf(start)} is a symbolic ref that leads through too many others`);
  }

  /** Refs under a prefix, in byte order; those that are broken or lead nowhere are left out. */
  list(prefix: ByteString): Ref[] {
    const directory = prefix.slice(0, prefix.lastIndexOf("/") + 1);
    if (!directory.startsWith("refs/")) return directory === "" && "refs/".startsWith(prefix) ? this.list("refs/") : [];
    const loose = new Set(looseRefNames(this.#layout, directory).filter((name) => name.startsWith(prefix)));
    const packed = this.packed().refs;
    const names = [...loose];
    for (const name of packed.keys()) if (name.startsWith(prefix) && !loose.has(name)) names.push(name);
    return names.sort().flatMap((name) => this.#listed(name, loose.has(name), packed.get(name)) ?? []);
  }

  /** A file is looked for only where there was one: a packed ref may be one of a million. */
  #listed(name: ByteString, hasFile: boolean, packed: PackedRef | undefined): Ref | undefined {
    const loose = hasFile ? readLooseRef(this.#layout, name) : undefined;
    if (loose?.kind === "direct") return { name, oid: loose.oid, target: undefined };
    if (loose === undefined && packed !== undefined) return { name, oid: packed.oid, target: undefined };
    if (loose?.kind !== "symbolic") return undefined;
    const oid = this.#reachable(loose.target);
    return oid === undefined ? undefined : { name, oid, target: loose.target };
  }

  #reachable(ref: ByteString): ObjectId | undefined {
    try {
      return this.follow(ref).oid;
    } catch (error) {
      if (error instanceof ToolError && error.code === "UPSTREAM") return undefined;
      throw error;
    }
  }
}

export const brokenRef = (ref: ByteString): ToolError =>
  new ToolError("UPSTREAM", `${textOf(ref)} holds neither an object id nor the name of a ref`, {
    hint: "Set or delete it with git update-ref",
  });
