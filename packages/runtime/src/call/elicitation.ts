import { ToolError } from "@mcp-reference/validation";
import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  inputRequired,
  type inputResponse,
  type ServerContext,
} from "@modelcontextprotocol/server";
import * as z from "zod";
import type { Question } from "../define/question.js";
import type { Tool } from "../define/tool.js";
import { describeIssue } from "./input.js";

export const ASK_AGAIN = { hint: "Call again to be asked again" };

/** What a client sends back for a question. */
export type Response = ReturnType<typeof inputResponse>;

/** What a client can do: told per request since 2026, once at `initialize` before. */
export const clientCapabilities = (
  context: ServerContext,
  atInitialize: ClientCapabilities | undefined,
): ClientCapabilities | undefined =>
  (context.mcpReq.envelope as Record<string, ClientCapabilities> | undefined)?.[CLIENT_CAPABILITIES_META_KEY] ??
  atInitialize;

/** Forms are shown where the client says so, or names no mode at all (the rule before modes existed). */
export const showsForms = (capabilities: ClientCapabilities | undefined) =>
  capabilities?.elicitation !== undefined &&
  (capabilities.elicitation.form !== undefined || capabilities.elicitation.url === undefined);

export const approval = z.object({ approve: z.boolean().default(true).describe("Go on") });

/** A question as the request that the client answers. */
export function toRequest(question: Question) {
  if (question.kind === "sample") {
    const { messages, maxTokens, systemPrompt } = question;
    return inputRequired.createMessage({
      messages: [...messages],
      maxTokens,
      ...(systemPrompt !== undefined && { systemPrompt }),
    });
  }
  const requestedSchema = question.kind === "form" ? question.schema : approval;
  return inputRequired.elicit({ message: question.text, requestedSchema });
}

/** @throws ToolError DECLINED, INVALID_ARGUMENT */
export function readForm<T>(schema: z.ZodType<T>, response: Response, tool: Tool): T {
  if (response.kind !== "elicit" || response.action !== "accept") throw declined(tool);
  const content = schema.safeParse(response.content ?? {});
  if (content.success) return content.data;
  const problems = content.error.issues.map(describeIssue).join("; ");
  throw new ToolError("INVALID_ARGUMENT", `the form was not filled in: ${problems}`, ASK_AGAIN);
}

/** What the client's model wrote; undefined when it did not. */
export function sampledText(response: Response): string | undefined {
  if (response.kind !== "sampling") return undefined;
  const content = [response.result.content].flat();
  return content.map((block) => (block.type === "text" ? block.text : "")).join("");
}

export const declined = (tool: Tool) =>
  new ToolError("DECLINED", `the user did not agree; ${tool.name} did nothing`, {
    hint: "Ask the user what to do instead",
  });
