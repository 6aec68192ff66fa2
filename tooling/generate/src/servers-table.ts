import { markdownTable } from "./blocks.js";
import type { LoadedServer } from "./servers.js";

export const serversTable = (servers: readonly LoadedServer[]): string =>
  markdownTable(
    ["Server", "What it does", "Tools", "Start it"],
    servers.map(({ definition: { name, description }, description: { tools } }) => [
      `[${name}](servers/${name})`,
      description,
      String(tools.length),
      `\`npx -y @mcp-reference/server-${name}\``,
    ]),
  );
