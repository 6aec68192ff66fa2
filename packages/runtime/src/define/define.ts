import type * as z from "zod";
import type { Prompt, PromptSpec } from "./prompt.js";
import type { Question } from "./question.js";
import type { Resource, ResourceSpec } from "./resource.js";
import { type Tool, type ToolSpec, titleOf } from "./tool.js";

/**
 * The three declarations of a server, typed once with the services its handlers share.
 *
 * ```ts
 * export const { tool, resource, prompt } = define<Services>();
 * ```
 */
export function define<Services extends object>() {
  return {
    tool<
      Input extends z.ZodObject,
      Output extends z.ZodObject | undefined = undefined,
      Asked extends Question | undefined = undefined,
    >(spec: ToolSpec<Services, Input, Output, Asked>): Tool {
      return {
        title: titleOf(spec.name),
        set: undefined,
        output: undefined,
        ask: undefined,
        render: undefined,
        ...(spec as object),
      } as Tool;
    },
    resource(spec: ResourceSpec<Services>): Resource {
      return { title: titleOf(spec.name), ...spec } as Resource;
    },
    prompt<Args extends z.ZodObject>(spec: PromptSpec<Services, Args>): Prompt {
      return { title: titleOf(spec.name), complete: undefined, ...(spec as object) } as Prompt;
    },
  };
}
