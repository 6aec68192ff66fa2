import { ToolError } from "@mcp-reference/validation";
import type { GetPromptRequest, GetPromptResult, Prompt as WirePrompt } from "@modelcontextprotocol/server";
import type * as z from "zod";
import type { CallContext } from "../define/context.js";
import type { Prompt } from "../define/prompt.js";
import { parseInput } from "./input.js";

/** A prompt as `prompts/list` shows it: its arguments are the fields of its schema. */
export const toWirePrompt = ({ name, title, description, args }: Prompt): WirePrompt => ({
  name,
  title,
  description,
  arguments: Object.entries(args.shape as Record<string, z.ZodType>).map(([argument, schema]) => ({
    name: argument,
    description: schema.description,
    required: !schema.safeParse(undefined).success,
  })),
});

export function findPrompt(prompts: readonly Prompt[], name: string): Prompt {
  const prompt = prompts.find((candidate) => candidate.name === name);
  if (!prompt) {
    const hint = "List the prompts to see what there is";
    throw new ToolError("NOT_FOUND", `there is no prompt ${JSON.stringify(name)}`, { hint });
  }
  return prompt;
}

export async function getPrompt(
  prompts: readonly Prompt[],
  { params }: GetPromptRequest,
  context: CallContext,
): Promise<GetPromptResult> {
  const prompt = findPrompt(prompts, params.name);
  const args = parseInput(prompt.args, params.arguments, prompt.name);
  return { description: prompt.description, messages: await prompt.messages(args, context) };
}
