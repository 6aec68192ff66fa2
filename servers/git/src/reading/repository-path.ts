import path from "node:path";
import { ToolError } from "@mcp-reference/validation";
import { type ByteString, bytesOf } from "../repository/bytes/byte-string.js";

/**
 * Paths as a caller writes them, as the repository knows them: `./src/` is `src`, `.` is everything.
 * @throws ToolError OUTSIDE_ROOT for one that leaves the repository
 */
export function repositoryPaths(written: readonly string[] | undefined): ByteString[] | undefined {
  const found = written?.map(repositoryPath);
  return found?.includes("") ? undefined : found;
}

/** As {@link repositoryPaths}, of one path; empty for the whole repository. */
export function repositoryPath(written: string): ByteString {
  const normal = path.posix.normalize(written).replace(/\/+$/, "");
  if (normal === "." || normal === "") return "";
  if (normal === ".." || normal.startsWith("../") || normal.startsWith("/")) {
    throw new ToolError("OUTSIDE_ROOT", `${JSON.stringify(written)} is outside the repository`, {
      hint: "Give a path relative to the repository",
    });
  }
  return bytesOf(normal);
}
