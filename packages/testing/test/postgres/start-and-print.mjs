import { startPostgres } from "@mcp-reference/testing";

const { port, dataDir } = await startPostgres();
process.stdout.write(`${JSON.stringify({ port, dataDir })}\n`);
setInterval(() => {}, 60_000);
