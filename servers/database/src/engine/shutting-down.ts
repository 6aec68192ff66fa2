import { ToolError } from "@mcp-reference/validation";

/** What fails calls that come, or still wait, when the server ends. */
export const shuttingDown = () => new ToolError("UNAVAILABLE", "this server is shutting down");
