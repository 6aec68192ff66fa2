import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../../repository/bytes/byte-string.js";
import type { ObjectId } from "../../repository/object-id.js";
import { refNameProblem } from "../../repository/refs/ref-format.js";
import type { Repository } from "../../repository/repository.js";
import { destinationOf, type Refspec } from "../settings/refspec.js";
import type { RemoteRef } from "../wire/advertisement.js";

/** A ref here that is to become what one there is. */
export interface PlannedRef {
  readonly source: ByteString;
  readonly destination: ByteString;
  readonly oid: ObjectId;
  /** May it leave commits behind? */
  readonly force: boolean;
}

/**
 * What refspecs make of the refs of a remote. A destination counts once, the first time.
 * @throws ToolError UNSUPPORTED when they would write where fetching must not, such as to branches
 */
export function plannedRefs(repo: Repository, refspecs: readonly Refspec[], refs: readonly RemoteRef[]): PlannedRef[] {
  const excluded = refspecs.filter(({ kind }) => kind === "exclude");
  const planned = new Map<ByteString, PlannedRef>();
  for (const refspec of refspecs) {
    if (refspec.kind === "exclude") continue;
    for (const { name, oid } of refs) {
      const destination = destinationOf(refspec, name);
      if (destination === undefined || excluded.some((each) => destinationOf(each, name) !== undefined)) continue;
      if (destination !== "") requirePlace(repo, destination);
      const key = destination || `\0${name}`;
      if (planned.has(key)) continue;
      planned.set(key, { source: name, destination, oid, force: refspec.kind === "force" });
    }
  }
  return [...planned.values()];
}

/** The config of a repository is not to be trusted with its branches, nor with what undoes changes. */
function requirePlace({ layout }: Repository, destination: ByteString): void {
  const isBare = layout.worktree === undefined;
  const isFine = /^refs\/(?:remotes|tags)\//.test(destination) || (isBare && destination.startsWith("refs/"));
  if (isFine && refNameProblem(destination) === undefined && !destination.startsWith("refs/mcp-undo/")) return;
  throw new ToolError("UNSUPPORTED", `the remote's refspec fetches into ${textOf(destination)}`, {
    hint: "Only refs/remotes/ and refs/tags/ are fetched into: change remote.<name>.fetch",
  });
}
