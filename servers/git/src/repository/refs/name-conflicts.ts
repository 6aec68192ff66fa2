import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../bytes/byte-string.js";
import type { Layout } from "../layout/types.js";
import { looseRefNames } from "./loose-refs.js";
import type { RefReader } from "./ref-reader.js";

/**
 * A ref cannot lie below another one, be they loose or packed: `a` and `a/b` exclude each other.
 * @param created names that are new
 * @throws ToolError CONFLICT
 */
export function checkAvailable(layout: Layout, reader: RefReader, created: readonly ByteString[]): void {
  for (const name of created) {
    const other =
      prefixesOf(name).find((prefix) => created.includes(prefix) || reader.raw(prefix) !== undefined) ??
      firstBelow(layout, reader, name);
    if (other === undefined) continue;
    throw new ToolError("CONFLICT", `${textOf(name)} cannot be made: ${textOf(other)} exists`, {
      hint: "Choose another name, or delete the one that is there",
    });
  }
}

/** `refs/heads/a/b` has `refs/heads/a`; what is above is no ref. */
function prefixesOf(name: ByteString): ByteString[] {
  const parts = name.split("/");
  return parts.flatMap((_, index) => (index >= 3 ? [parts.slice(0, index).join("/")] : []));
}

function firstBelow(layout: Layout, reader: RefReader, name: ByteString): ByteString | undefined {
  if (!name.startsWith("refs/")) return undefined;
  const below = `${name}/`;
  for (const packed of reader.packed().refs.keys()) if (packed.startsWith(below)) return packed;
  return looseRefNames(layout, below)[0];
}
