import type { PromptMessage } from "@modelcontextprotocol/server";
import type * as z from "zod";
import type { Awaitable } from "./awaitable.js";
import type { CallContext } from "./context.js";

export interface PromptSpec<Services, Args extends z.ZodObject> {
  name: string;
  title?: string;
  description: string;
  /** A strict object; clients send strings, so numbers are coerced. */
  args: Args;
  /** Completions of each argument. */
  complete?: Record<string, (value: string, context: Services & CallContext) => Awaitable<string[]>>;
  messages(args: z.output<Args>, context: Services & CallContext): Awaitable<PromptMessage[]>;
}

export interface Prompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly args: z.ZodObject;
  readonly complete: Record<string, (value: string, context: CallContext) => Awaitable<string[]>> | undefined;
  messages(args: unknown, context: CallContext): Promise<PromptMessage[]>;
}

export const user = (words: string): PromptMessage => ({ role: "user", content: { type: "text", text: words } });
export const assistant = (words: string): PromptMessage => ({
  role: "assistant",
  content: { type: "text", text: words },
});
/** A message that carries a resource, so that the model reads it without a call of its own. */
export const attachment = (uri: string, body: string, mimeType?: string): PromptMessage => ({
  role: "user",
  content: { type: "resource", resource: { uri, text: body, ...(mimeType && { mimeType }) } },
});
