import { ToolError } from "@mcp-reference/validation";
import type { CompleteRequest, CompleteResult } from "@modelcontextprotocol/server";
import type { CallContext } from "../define/context.js";
import type { Prompt } from "../define/prompt.js";
import type { Resource } from "../define/resource.js";
import { findPrompt } from "./prompt-calls.js";

/** The protocol's limit on the values of one answer. */
const MOST = 100;

/** Completes an argument of a prompt or a variable of a resource template; without a completer there is nothing to offer. */
export async function complete(
  { resources, prompts }: { resources: readonly Resource[]; prompts: readonly Prompt[] },
  { params }: CompleteRequest,
  context: CallContext,
): Promise<CompleteResult> {
  const { name, value } = params.argument;
  const values = await candidates();
  const shown = values.slice(0, MOST);
  return { completion: { values: shown, total: values.length, hasMore: values.length > shown.length } };

  async function candidates(): Promise<string[]> {
    if (params.ref.type === "ref/prompt") {
      const prompt = findPrompt(prompts, params.ref.name);
      return (await own(prompt.complete, name)?.(value, context)) ?? [];
    }
    const { uri } = params.ref;
    const resource = resources.find((candidate) => candidate.template === uri || candidate.uri === uri);
    if (!resource) throw new ToolError("NOT_FOUND", `there is no resource template ${uri}`);
    return (await own(resource.complete, name)?.(value, context, params.context?.arguments ?? {})) ?? [];
  }
}

/** Clients choose the name: `constructor` is none of ours. */
const own = <T>(completers: Record<string, T> | undefined, name: string): T | undefined =>
  completers && Object.hasOwn(completers, name) ? completers[name] : undefined;
