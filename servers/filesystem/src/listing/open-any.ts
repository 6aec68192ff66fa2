import type { OpenDirectory, OpenFile, PathSandbox } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";

/** Opens a regular file or a directory. @throws ToolError as {@link PathSandbox.openFile} */
export async function openAny(sandbox: PathSandbox, path: string): Promise<OpenFile | OpenDirectory> {
  try {
    return await sandbox.openFile(path);
  } catch (error) {
    if (!(error instanceof ToolError) || error.code !== "UNSUPPORTED") throw error;
    return sandbox.openDirectory(path).catch(() => Promise.reject(error));
  }
}

export const isFile = (opened: OpenFile | OpenDirectory): opened is OpenFile => "handle" in opened;
