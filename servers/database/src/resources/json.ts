import type { ResourceContent } from "@mcp-reference/runtime";

export const JSON_TYPE = "application/json";

export const json = (value: unknown): ResourceContent => ({ text: JSON.stringify(value), mimeType: JSON_TYPE });
