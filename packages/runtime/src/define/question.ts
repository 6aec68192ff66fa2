import type { SamplingMessage } from "@modelcontextprotocol/server";
import type * as z from "zod";

/** Asks a person to approve what the call is about to do; the call goes on only after a yes. */
export interface ConfirmQuestion {
  readonly kind: "confirm";
  /** What will happen, as the person should read it. */
  readonly text: string;
  /** True where the effect cannot be undone: asked under `--confirm auto`. */
  readonly grave: boolean;
}

/** Asks a person to fill in a form. */
export interface FormQuestion<T = unknown> {
  readonly kind: "form";
  readonly text: string;
  readonly schema: z.ZodType<T>;
}

/** Asks the client's model; answered with `undefined` where the client offers none. */
export interface SampleQuestion {
  readonly kind: "sample";
  readonly messages: readonly SamplingMessage[];
  readonly maxTokens: number;
  readonly systemPrompt: string | undefined;
}

export type Question = ConfirmQuestion | FormQuestion | SampleQuestion;

/** What `handle` receives for a question. */
export type Answer<Q> = Q extends FormQuestion<infer T> ? T : Q extends SampleQuestion ? string | undefined : true;

/**
 * @param options.grave false where the effect can be undone: then asked only under `--confirm always`
 */
export const confirm = (text: string, { grave = true } = {}): ConfirmQuestion => ({ kind: "confirm", text, grave });

/** @param schema a flat object of strings, numbers, booleans and enums: all a client can show */
export const form = <T extends Record<string, unknown>>(schema: z.ZodType<T>, text: string): FormQuestion<T> => ({
  kind: "form",
  schema,
  text,
});

export const sample = (
  messages: readonly SamplingMessage[],
  { maxTokens = 1000, systemPrompt }: { maxTokens?: number; systemPrompt?: string } = {},
): SampleQuestion => ({ kind: "sample", messages, maxTokens, systemPrompt });
