import type { SamplingMessage } from "@modelcontextprotocol/server";
import type * as z from "zod";

/** What survives a trip to the client and back. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Asks a person to approve what the call is about to do; the call goes on only after a yes. */
export interface ConfirmQuestion<F = unknown> {
  readonly kind: "confirm";
  /** What will happen, as the person should read it. */
  readonly text: string;
  /** True where the effect cannot be undone: asked under `--confirm auto`. */
  readonly grave: boolean;
  /** What the person approves, as `handle` receives it. */
  readonly facts: F;
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

/** What `handle` receives for a question: undefined where a call had none. */
export type Answer<Q> =
  Q extends ConfirmQuestion<infer F>
    ? F
    : Q extends FormQuestion<infer T>
      ? T
      : Q extends SampleQuestion
        ? string | undefined
        : undefined;

export interface ConfirmOptions<F extends Json> {
  /** False where the effect can be undone: then asked only under `--confirm always`. */
  grave?: boolean;
  /**
   * What `text` was made from, such as a count of affected rows: at most 4 kB of JSON. `handle` receives it as the person saw it,
   * whatever has changed since. It travels through the client, signed and legible; a client without forms has its model repeat it.
   */
  facts?: F;
}

const MOST_FACTS = 4096;

/** @throws RangeError for facts of more than 4 kB */
export function confirm<F extends Json = true>(
  text: string,
  { grave = true, facts }: ConfirmOptions<F> = {},
): ConfirmQuestion<F> {
  const json = JSON.stringify(facts === undefined ? true : facts);
  const size = Buffer.byteLength(json);
  if (size > MOST_FACTS) throw new RangeError(`the facts of a confirmation take ${size} bytes of ${MOST_FACTS}`);
  // As they come back from a client, also where nobody is asked.
  return { kind: "confirm", text, grave, facts: JSON.parse(json) };
}

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
