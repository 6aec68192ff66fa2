import { ToolError } from "@mcp-reference/validation";
import type { CallToolResult, ContentBlock } from "@modelcontextprotocol/server";
import { type HandlerResult, isBlocks, isText, paragraph } from "../define/result.js";
import type { Tool } from "../define/tool.js";
import { render } from "./render.js";

/** Media may be this many times as large as text: a picture costs a model far less than its bytes say. */
const MEDIA_FACTOR = 16;

/**
 * What goes over the wire for what a handler returned: complete on each channel alone.
 * @throws ToolError TOO_LARGE above `maxOutput` bytes of text; a ZodError when the output breaks its own schema
 */
export function toCallResult(tool: Tool, result: HandlerResult, maxOutput: number): CallToolResult {
  if (isText(result)) {
    const content = [result.body, result.note].filter((part) => part !== undefined).map(paragraph);
    return { content: within(content, maxOutput) };
  }
  if (isBlocks(result)) return { content: within(result.blocks, maxOutput) };
  if (!tool.output) throw new TypeError(`${tool.name} returned an object but declares no output schema`);
  const structuredContent = tool.output.parse(result);
  const words = (tool.render ?? render)(structuredContent);
  return { content: within([paragraph(words)], maxOutput), structuredContent };
}

function within(content: readonly ContentBlock[], maxOutput: number): ContentBlock[] {
  const text = sum(content, (block) => (block.type === "text" ? Buffer.byteLength(block.text) : 0));
  const media = sum(content, mediaBytes);
  if (text > maxOutput) throw tooLarge("text", text, maxOutput);
  if (media > maxOutput * MEDIA_FACTOR) throw tooLarge("media", media, maxOutput * MEDIA_FACTOR);
  return [...content];
}

const sum = (content: readonly ContentBlock[], size: (block: ContentBlock) => number) =>
  content.reduce((total, block) => total + size(block), 0);

function mediaBytes(block: ContentBlock): number {
  if (block.type === "image" || block.type === "audio") return block.data.length;
  return block.type === "resource" && "blob" in block.resource ? block.resource.blob.length : 0;
}

const tooLarge = (what: string, bytes: number, limit: number) =>
  new ToolError("TOO_LARGE", `the result has ${bytes} bytes of ${what}, more than the ${limit} allowed`, {
    hint: "Ask for less at once, or raise --max-output",
  });
