import { pathToFileURL } from "node:url";
import { audio, blob, blocks, image, reads } from "@mcp-reference/runtime";
import { filePath, ToolError } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { mediaTypeOf } from "../text/media-type.js";
import { readBytes } from "../text/read-text.js";

export const readMediaFile = tool({
  name: "read_media_file",
  description: "Read an image, a sound or any other binary file.",
  effect: reads(),
  set: "read",
  input: z.strictObject({ path: filePath }),
  async handle({ path }, { sandbox, signal, maxMedia }) {
    const file = await sandbox.openFile(path);
    try {
      const { size } = file.stats;
      requireBelow(size, maxMedia, path);
      const type = await mediaTypeOf(file);
      const data = await readBytes(file, 0, size, signal);
      if (type.startsWith("image/")) return blocks(image(data, type));
      if (type.startsWith("audio/")) return blocks(audio(data, type));
      return blocks(blob(pathToFileURL(file.path).href, data, type));
    } finally {
      await file.close();
    }
  },
});

/** Looked at before anything is read. */
function requireBelow(bytes: number, limit: number, path: string): void {
  if (bytes <= limit) return;
  throw new ToolError("TOO_LARGE", `${JSON.stringify(path)} has ${bytes} bytes, and a result may have ${limit}`, {
    hint: "Start the server with a higher --max-output",
    details: { bytes, limit },
  });
}
