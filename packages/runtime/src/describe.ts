import type { Prompt as WirePrompt, Tool as WireTool } from "@modelcontextprotocol/server";
import { Questions } from "./call/asking.js";
import { toWirePrompt } from "./call/prompt-calls.js";
import { OfferedTool } from "./call/tool-calls.js";
import { commandOptions, describeOptions, type OptionRow } from "./config/options.js";
import { sharedOptions } from "./config/shared.js";
import type { ServerDefinition } from "./define/server.js";

/** Everything a README, a manifest or a test wants to know about a server, without starting it. */
export interface ServerDescription {
  tools: (WireTool & { set: string | undefined })[];
  prompts: WirePrompt[];
  /** The server's own options, then those all servers share. */
  options: { own: OptionRow[]; shared: OptionRow[] };
}

export function describeServer(definition: ServerDefinition): ServerDescription {
  const questions = new Questions("auto");
  const shared = describeOptions(sharedOptions(definition));
  return {
    tools: definition.tools.map((tool) => ({ ...new OfferedTool(tool, questions).wire, set: tool.set })),
    prompts: definition.prompts.map(toWirePrompt),
    options: { own: describeOptions(definition.config), shared: [...shared, ...commandOptions] },
  };
}
