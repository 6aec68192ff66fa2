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
import type { Tool } from "../define/tool.js";
import { inputJsonSchema, type JsonSchema, outputJsonSchema, withConfirmation } from "../output/schemas.js";
import { toCallResult } from "../output/to-call-result.js";
import { clientCapabilities, type Questions } from "./asking.js";
import type { CallerConnection, Calls } from "./calls.js";
import { errorResult } from "./errors.js";
import { parseInput } from "./input.js";

/** A tool with what is computed once: the schemas that go over the wire. */
export interface OfferedTool {
  readonly tool: Tool;
  /** Input with the `confirmation` field where calls may be confirmed. */
  readonly input: Tool["input"];
  readonly wire: WireTool;
  readonly outputSchema: JsonSchema | undefined;
}

export function offer(tool: Tool, questions: Questions): OfferedTool {
  const input = questions.confirms(tool) ? withConfirmation(tool.input) : tool.input;
  const outputSchema = outputJsonSchema(tool);
  const wire = {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: inputJsonSchema(input),
    ...(outputSchema && { outputSchema }),
    annotations: { title: tool.title, ...tool.effect.hints },
  } as WireTool;
  return { tool, input, wire, outputSchema };
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
      if (!offered) throw new ToolError("NOT_FOUND", `there is no tool ${JSON.stringify(params.name)}`);
      const asking = await ask(offered, operation.args, connection, context, request, questions);
      if ("required" in asking) return asking.required;
      const result = await offered.tool.handle(asking.input, context, asking.answer);
      return toCallResult(offered.tool, result, context);
    });
  } catch (error) {
    return errorResult(error as ToolError);
  }
}

async function ask(
  { tool, input: schema }: OfferedTool,
  args: unknown,
  connection: ToolConnection,
  context: CallContext,
  request: ServerContext,
  questions: Questions,
) {
  const { confirmation, ...input } = parseInput(schema, args, tool.name);
  const question = await tool.ask?.(input, context);
  const asked = {
    tool,
    input,
    confirmation: confirmation as string | undefined,
    caller: context.caller,
    capabilities: clientCapabilities(request, connection.capabilities()),
  };
  return { input, ...(await questions.put(question, asked, request)) };
}
