import { define } from "@mcp-reference/runtime";
import type { Services } from "./services.js";

export const { tool, resource, prompt } = define<Services>();
