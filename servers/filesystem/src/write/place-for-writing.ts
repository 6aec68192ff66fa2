import type { PathSandbox, Place, PlaceOptions } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";

/**
 * The place of something that is about to be written; nothing need be there yet, but its directory must.
 * @throws ToolError as {@link PathSandbox.place}; NOT_FOUND says that it is the directory which is missing
 */
export async function placeForWriting(sandbox: PathSandbox, path: string, options?: PlaceOptions): Promise<Place> {
  try {
    return await sandbox.place(path, { ...options, write: true });
  } catch (error) {
    if (!(error instanceof ToolError && error.code === "NOT_FOUND")) throw error;
    throw new ToolError("NOT_FOUND", `the directory for ${JSON.stringify(path)} does not exist`, {
      hint: "Make it first, with create_directory",
      cause: error,
    });
  }
}
