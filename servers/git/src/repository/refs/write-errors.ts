import { errnoOf } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";

/** What the file system refused, in words for whoever asked for the change; other errors as they are. */
export function writeErrors(error: unknown): unknown {
  switch (errnoOf(error)) {
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new ToolError("PERMISSION_DENIED", "The refs of this repository may not be written", { cause: error });
    case "ENOSPC":
    case "EDQUOT":
      return new ToolError("UNAVAILABLE", "The disk is full: the refs were not changed", { cause: error });
    case "ENAMETOOLONG":
      return new ToolError("INVALID_ARGUMENT", "The name of the ref is too long for this file system", {
        cause: error,
      });
    case "ELOOP":
    case "EMLINK":
      return new ToolError("OUTSIDE_ROOT", "A file of this repository's refs or reflogs is a symbolic link", {
        cause: error,
      });
    case "EISDIR":
    case "ENXIO":
      return new ToolError("UPSTREAM", "A directory or a pipe is where this repository's refs or reflogs should be", {
        cause: error,
      });
    default:
      return error;
  }
}
