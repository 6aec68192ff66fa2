import type * as z from "zod";
import type { Awaitable } from "./awaitable.js";
import type { CallContext } from "./context.js";
import type { Effect } from "./effect.js";
import type { Answer, Question } from "./question.js";
import type { BlocksResult, HandlerResult, TextResult } from "./result.js";

/** A tool as its author writes it. */
export interface ToolSpec<
  Services,
  Input extends z.ZodObject,
  Output extends z.ZodObject | undefined,
  Asked extends Question | undefined,
> {
  /** `verb_noun`, also the name of the file. */
  name: string;
  /** Derived from the name unless given. */
  title?: string;
  /** At most 300 characters: what it does and when to use it. */
  description: string;
  effect: Effect;
  /** Name of the set that `--tools` can pick it by. */
  set?: string;
  /** A strict object; every field described with its unit, format and limit. */
  input: Input;
  /** Shape of the result where it is an object; without it `handle` returns `text(…)` or `blocks(…)`. */
  output?: Output;
  /**
   * Asked before `handle`, which then runs once with the answer. Once a person has confirmed, it is not called again: what was
   * approved is what was shown, and `handle` gets its facts.
   */
  ask?(input: z.output<Input>, context: Services & CallContext): Awaitable<Asked>;
  handle(
    input: z.output<Input>,
    context: Services & CallContext,
    answer: Answer<Asked>,
  ): Awaitable<Output extends z.ZodObject ? z.input<Output> : TextResult | BlocksResult>;
  /** Text of an object result; every scalar in it must appear. Default: compact tables. */
  render?(output: Output extends z.ZodObject ? z.output<Output> : never): string;
}

/** A tool as the runtime sees it: the author's types are erased, its schemas stay. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly effect: Effect;
  readonly set: string | undefined;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject | undefined;
  readonly ask: ((input: unknown, context: CallContext) => Promise<Question | undefined>) | undefined;
  handle(input: unknown, context: CallContext, answer: unknown): Promise<HandlerResult>;
  readonly render: ((output: unknown) => string) | undefined;
}

/** `read_text_file` → `Read text file`. */
export const titleOf = (name: string) => {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};
