import type { McpClient } from "@mcp-reference/client";
import { printRefusal, printResult, printStep } from "./print.js";

/** Asks for the tools and prints their names; `started` is when the server was. */
export async function printTools(client: McpClient, started: number, command: string): Promise<void> {
  const tools = await client.listTools();
  printStep("Load a client, start the server, ask for its tools", performance.now() - started, command);
  printResult(`${tools.length} tools: ${tools.map(({ name }) => name).join(", ")}`);
}

/** Calls tools and prints what comes back; a step that does not end as it should ends the demo. */
export function calls(client: McpClient) {
  async function call(title: string, name: string, args: Record<string, unknown>) {
    const start = performance.now();
    const result = await client.callTool(name, args);
    printStep(title, performance.now() - start, `${name} ${JSON.stringify(args)}`);
    const text = result.content.map((block) => (block.type === "text" ? block.text : `(${block.type})`)).join("\n");
    return { text, isError: result.isError === true };
  }
  return {
    async step(title: string, name: string, args: Record<string, unknown>, print = printResult): Promise<void> {
      const { text, isError } = await call(title, name, args);
      if (isError) throw new Error(`${name} answered ${text}`);
      print(text);
    },
    async refused(title: string, code: string, name: string, args: Record<string, unknown>): Promise<void> {
      const { text, isError } = await call(title, name, args);
      if (!isError || !text.startsWith(code)) throw new Error(`${name} was not refused with ${code}: ${text}`);
      printRefusal(text);
    },
  };
}
