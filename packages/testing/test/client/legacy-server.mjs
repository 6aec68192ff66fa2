// A server on the v1 SDK, as most servers in the field are: it speaks the 2025 era and nothing else.
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";

const server = new McpServer({ name: "legacy", version: "1.0.0" });
server.registerTool("greet", { description: "Greets." }, () => ({ content: [{ type: "text", text: "hello" }] }));
await server.connect(new StdioServerTransport());
