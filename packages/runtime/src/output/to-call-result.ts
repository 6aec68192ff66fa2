import { ToolError } from "@mcp-reference/validation";
import type { CallToolResult, ContentBlock } from "@modelcontextprotocol/server";
import type { CallContext } from "../define/context.js";
import { type HandlerResult, isBlocks, isText, paragraph } from "../define/result.js";
import type { Tool } from "../define/tool.js";
import { render } from "./render.js";

/** Bytes of text and of media that a result may hold. */
export type ResultLimits = Pick<CallContext, "maxOutput" | "maxMedia">;

/**
 * What goes over the wire for what a handler returned: complete on each channel alone.
 * @throws ToolError TOO_LARGE above a limit; a ZodError when the output breaks its own schema
 */
export function toCallResult(tool: Tool, result: HandlerResult, limits: ResultLimits): CallToolResult {
  if (isText(result)) {
    const content = [result.body, result.note].filter((part) => part !== undefined).map(paragraph);
    return { content: within(content, limits) };
  }
  if (isBlocks(result)) return { content: within(result.blocks, limits) };
  if (!tool.output) throw new TypeError(`${tool.name} returned an object but declares no output schema`);
  const structuredContent = tool.output.parse(result);
  const words = (tool.render ?? render)(structuredContent);
  return { content: within([paragraph(words)], limits), structuredContent };
}

function within(content: readonly ContentBlock[], { maxOutput, maxMedia }: ResultLimits): ContentBlock[] {
  const text = sum(content, (block) => (block.type === "text" ? Buffer.byteLength(block.text) : 0));
  const media = sum(content, mediaBytes);
  if (text > maxOutput) throw tooLarge("text", text, maxOutput);
  if (media > maxMedia) throw tooLarge("media", media, maxMedia);
  return [...content];
}

const sum = (content: readonly ContentBlock[], size: (block: ContentBlock) => number) =>
  content.reduce((total, block) => total + size(block), 0);

function mediaBytes(block: ContentBlock): number {
  if (block.type === "image" || block.type === "audio") return Buffer.byteLength(block.data, "base64");
  return block.type === "resource" && "blob" in block.resource ? Buffer.byteLength(block.resource.blob, "base64") : 0;
}

const tooLarge = (what: string, bytes: number, limit: number) =>
  new ToolError("TOO_LARGE", `the result has ${bytes} bytes of ${what}, more than the ${limit} allowed`, {
    hint: "Ask for less at once, or raise --max-output",
  });
