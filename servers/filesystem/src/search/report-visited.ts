import type { CallContext } from "@mcp-reference/runtime";
import type { TaskProgress } from "../walk/tasks.js";

/** Tells the client how many entries a search has looked at; nobody knows how many there are. */
export const reportVisited =
  ({ progress }: Pick<CallContext, "progress">) =>
  ({ visited, found }: TaskProgress) =>
    progress(visited, undefined, `${found} found`);
