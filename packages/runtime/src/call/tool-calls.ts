import { ToolError } from "@mcp-reference/validation";
import type {
  CallToolRequest,
  CallToolResult,
  ClientCapabilities,
  InputRequiredResult,
  ServerContext,
  Tool as WireTool,
} from "@modelcontextprotocol/server";
import type { CallContext } from "../define/context.js";
import type { HandlerResult } from "../define/result.js";
import type { Tool } from "../define/tool.js";
import { inputJsonSchema, outputJsonSchema, withConfirmation } from "../output/schemas.js";
import { toCallResult } from "../output/to-call-result.js";
import type { Questions } from "./asking.js";
import type { CallerConnection, Calls } from "./calls.js";
import { clientCapabilities } from "./elicitation.js";
import { errorResult } from "./errors.js";
import { parseInput } from "./input.js";

/** A tool with its JSON schemas, which are made once, when a client first wants them: `initialize` does not wait for them. */
export class OfferedTool {
  /** Input with the `confirmation` field where calls may be confirmed. */
  readonly input: Tool["input"];
  #wire: WireTool | undefined;

  constructor(
    readonly tool: Tool,
    questions: Questions,
  ) {
    this.input = questions.confirms(tool) ? withConfirmation(tool.input) : tool.input;
  }

  /** As `tools/list` shows it. */
  get wire(): WireTool {
    this.#wire ??= toWireTool(this.tool, this.input);
    return this.#wire;
  }
}

function toWireTool(tool: Tool, input: Tool["input"]): WireTool {
  const { name, title, description, effect } = tool;
  const outputSchema = outputJsonSchema(tool);
  return {
    name,
    title,
    description,
    inputSchema: inputJsonSchema(input),
    ...(outputSchema && { outputSchema }),
    annotations: { title, ...effect.hints },
  } as WireTool;
}

export interface ToolCallDeps {
  calls: Calls;
  questions: Questions;
}

export type ToolConnection = CallerConnection & { capabilities(): ClientCapabilities | undefined };

/** Answers `tools/call`: the pipeline around one handler, and its errors as results the model reads. */
export async function callTool(
  offered: OfferedTool | undefined,
  { params }: CallToolRequest,
  connection: ToolConnection,
  request: ServerContext,
  { calls, questions }: ToolCallDeps,
): Promise<CallToolResult | InputRequiredResult> {
  const operation = { name: params.name, effect: offered?.tool.effect.kind ?? "read", args: params.arguments ?? {} };
  try {
    return await calls.run(operation, connection, request, async (context) => {
      if (!offered) throw noSuchTool(params.name);
      const asking = await ask(offered, operation.args, connection, context, request, questions);
      if ("required" in asking) return asking.required;
      context.signal.throwIfAborted(); // asking may have outlasted the call
      const result = await offered.tool.handle(asking.input, context, asking.answer);
      return present(offered.tool, result, context);
    });
  } catch (error) {
    return errorResult(error as ToolError);
  }
}

/** The result over the wire. Too large a one must not read as if nothing had happened where something has. */
function present(tool: Tool, result: HandlerResult, context: CallContext): CallToolResult {
  try {
    return toCallResult(tool, result, context);
  } catch (error) {
    if (!(error instanceof ToolError) || tool.effect.kind === "read") throw error;
    throw new ToolError("UNKNOWN", `${tool.name} was carried out, but ${error.message}`, {
      hint: "Do not repeat it; look at what it changed",
    });
  }
}

const noSuchTool = (name: string) =>
  new ToolError("NOT_FOUND", `there is no tool ${JSON.stringify(name)}`, {
    hint: "List the tools to see what there is",
  });

async function ask(
  { tool, input: schema }: OfferedTool,
  args: unknown,
  connection: ToolConnection,
  context: CallContext,
  request: ServerContext,
  questions: Questions,
) {
  const { confirmation, ...input } = parseInput(schema, args, tool.name);
  const asked = {
    tool,
    input,
    confirmation: confirmation as string | undefined,
    caller: context.caller,
    capabilities: clientCapabilities(request, connection.capabilities()),
  };
  const approved = questions.approved(asked, request);
  if (approved) return { input, ...approved };
  const question = await tool.ask?.(input, context);
  return { input, ...(await questions.put(question, asked, request)) };
}
