import { readdir } from "node:fs/promises";
import { describeServer, type ServerDefinition, type ServerDescription } from "@mcp-reference/runtime";

export interface LoadedServer {
  folder: URL;
  definition: ServerDefinition;
  description: ServerDescription;
}

/** Every server of the repository, by name, from its source. */
export async function loadServers(root: URL): Promise<LoadedServer[]> {
  const folders = await readdir(new URL("servers/", root));
  return Promise.all(
    folders.sort().map(async (name) => {
      const folder = new URL(`servers/${name}/`, root);
      const { default: definition }: { default: ServerDefinition } = await import(`${folder.href}src/index.ts`);
      return { folder, definition, description: describeServer(definition) };
    }),
  );
}
