import { randomBytes, randomUUID } from "node:crypto";
import { type CursorCodec, createCursorCodec, digest, ToolError } from "@mcp-reference/validation";
import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  createRequestStateCodec,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type RequestStateCodec,
  type ServerContext,
} from "@modelcontextprotocol/server";
import * as z from "zod";
import type { Caller } from "../define/context.js";
import type { ConfirmQuestion, FormQuestion, Question, SampleQuestion } from "../define/question.js";
import type { Tool } from "../define/tool.js";
import { describeIssue } from "./input.js";
import { remindWhileWaiting } from "./patience.js";
import { SpentOnce } from "./spent.js";

export type ConfirmMode = "auto" | "always" | "never";

/** The call a question belongs to. */
export interface Asked {
  tool: Tool;
  /** Parsed input, without `confirmation`. */
  input: unknown;
  /** The token of a client that cannot show a question, when it gave one. */
  confirmation: string | undefined;
  caller: Caller;
  capabilities: ClientCapabilities | undefined;
}

/** Either the answer, or what the client must do first. */
export type Asking = { answer: unknown } | { required: InputRequiredResult };

interface Bound {
  caller: string;
  tool: string;
  input: string;
  nonce: string;
}

const TTL_SECONDS = 600;
const KEY = "answer";
const tokenContent = z.tuple([z.string(), z.number()]);
const approval = z.object({ approve: z.boolean().default(true).describe("Go on") });

/**
 * Carries a tool's question to the person or model behind the client and back, in both protocol eras:
 * a first round answers with what is required, a second brings the answer with a signed state that is bound
 * to caller, tool and arguments and can be used once. A client that shows no forms gets a one-time token instead.
 */
export class Questions {
  readonly #codec: RequestStateCodec<Bound>;
  readonly #tokens: CursorCodec;
  readonly #spent = new SpentOnce(TTL_SECONDS * 1000);
  readonly #waiting = new Map<string, () => void>();

  /** @param key at least 32 bytes; replicas share it */
  constructor(
    private readonly mode: ConfirmMode,
    key: Uint8Array = randomBytes(32),
  ) {
    this.#tokens = createCursorCodec(key);
    this.#codec = createRequestStateCodec<Bound>({
      key,
      ttlSeconds: TTL_SECONDS,
      bind: (context) => context.mcpReq.method,
    });
  }

  /** For the SDK's `requestState.verify`. */
  readonly verify = (state: string, context: ServerContext) => this.#codec.verify(state, context);

  /** Whether calls of this tool may ask for confirmation: then its input has a `confirmation` field. */
  confirms(tool: Tool): boolean {
    if (this.mode === "never" || tool.effect.kind === "read") return false;
    return tool.ask !== undefined || this.mode === "always";
  }

  /** Puts the tool's question, if this call has one. @throws ToolError DECLINED, CONFLICT, UNSUPPORTED */
  async put(question: Question | undefined, asked: Asked, context: ServerContext): Promise<Asking> {
    const posed = question ?? (this.mode === "always" && this.confirms(asked.tool) ? describeCall(asked) : undefined);
    if (!posed) return { answer: undefined };
    if (posed.kind === "confirm" && !this.#mustConfirm(posed)) return { answer: true };
    if (context.mcpReq.requestState<Bound>() !== undefined) return { answer: this.#read(posed, asked, context) };
    if (posed.kind === "confirm" && !showsForms(asked.capabilities)) return { answer: this.#token(posed, asked) };
    if (posed.kind === "sample" && !asked.capabilities?.sampling) return { answer: undefined };
    if (posed.kind === "form" && !showsForms(asked.capabilities)) {
      throw new ToolError("UNSUPPORTED", `${asked.tool.name} has to ask a person, and this client shows no forms`);
    }
    return { required: await this.#require(posed, asked, context) };
  }

  #mustConfirm(question: ConfirmQuestion): boolean {
    return this.mode === "always" || (this.mode === "auto" && question.grave);
  }

  async #require(question: Question, asked: Asked, context: ServerContext): Promise<InputRequiredResult> {
    const { caller, tool, input } = asked;
    const bound: Bound = { caller: caller.id, tool: tool.name, input: digest(input), nonce: randomUUID() };
    this.#remind(bound.nonce, context);
    return inputRequired({
      inputRequests: { [KEY]: toRequest(question) },
      requestState: await this.#codec.mint(bound, context),
    });
  }

  /** Keeps a waiting client's call alive until its answer arrives or the question expires. */
  #remind(nonce: string, context: ServerContext): void {
    const stop = remindWhileWaiting(context);
    const expiry = setTimeout(() => this.#stopReminding(nonce), TTL_SECONDS * 1000).unref();
    this.#waiting.set(nonce, () => {
      stop();
      clearTimeout(expiry);
    });
  }

  #stopReminding(nonce: string): void {
    this.#waiting.get(nonce)?.();
    this.#waiting.delete(nonce);
  }

  #read(question: Question, asked: Asked, context: ServerContext): unknown {
    const bound = context.mcpReq.requestState<Bound>();
    if (bound) this.#stopReminding(bound.nonce);
    const { caller, tool, input } = asked;
    if (bound?.caller !== caller.id || bound.tool !== tool.name || bound.input !== digest(input)) {
      throw new ToolError("CONFLICT", "the answer belongs to another call", { hint: "Call again to be asked again" });
    }
    if (!this.#spent.spend(bound.nonce)) {
      throw new ToolError("CONFLICT", "this answer was used already", { hint: "Call again to be asked again" });
    }
    const response = inputResponse(context.mcpReq.inputResponses, KEY);
    if (question.kind === "sample") return sampledText(response);
    if (response.kind !== "elicit" || response.action !== "accept") throw declined(asked.tool);
    const content = (question.kind === "form" ? question.schema : approval).safeParse(response.content ?? {});
    if (!content.success) {
      const problems = content.error.issues.map(describeIssue).join("; ");
      throw new ToolError("INVALID_ARGUMENT", `the form was not filled in: ${problems}`, {
        hint: "Call again to be asked again",
      });
    }
    if (question.kind === "form") return content.data;
    if (!(content.data as z.infer<typeof approval>).approve) throw declined(asked.tool);
    return true;
  }

  /** Checks the token of this call, or refuses with the preview and a fresh one. */
  #token(question: ConfirmQuestion, { tool, input, caller, confirmation }: Asked): true {
    const bound = { caller: caller.id, purpose: `confirm ${tool.name} ${digest(input)}` };
    if (confirmation !== undefined) {
      const [nonce, until] = this.#tokens.decode(confirmation, bound, tokenContent, "confirmation");
      if (until > Date.now() && this.#spent.spend(nonce)) return true;
    }
    const content = [randomBytes(6).toString("base64url"), Date.now() + TTL_SECONDS * 1000];
    const token = this.#tokens.encode(content, bound);
    throw new ToolError("DECLINED", `nothing was done yet: this needs a confirmation. ${question.text}`, {
      hint: `If the user agrees, call ${tool.name} again with the same arguments and confirmation ${JSON.stringify(token)}`,
      details: { confirmation: token },
    });
  }
}

/** What a client can do: told per request since 2026, once at `initialize` before. */
export const clientCapabilities = (
  context: ServerContext,
  atInitialize: ClientCapabilities | undefined,
): ClientCapabilities | undefined =>
  (context.mcpReq.envelope as Record<string, ClientCapabilities> | undefined)?.[CLIENT_CAPABILITIES_META_KEY] ??
  atInitialize;

/** Forms are shown where the client says so, or names no mode at all (the rule before modes existed). */
const showsForms = (capabilities: ClientCapabilities | undefined) =>
  capabilities?.elicitation !== undefined &&
  (capabilities.elicitation.form !== undefined || capabilities.elicitation.url === undefined);

const declined = (tool: Tool) =>
  new ToolError("DECLINED", `the user did not agree; ${tool.name} did nothing`, {
    hint: "Ask the user what to do instead",
  });

const describeCall = ({ tool, input }: Asked): ConfirmQuestion => ({
  kind: "confirm",
  text: `Run ${tool.name} with ${JSON.stringify(input).slice(0, 2000)}?`,
  grave: true,
});

function toRequest(question: ConfirmQuestion | FormQuestion | SampleQuestion) {
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

function sampledText(response: ReturnType<typeof inputResponse>): string | undefined {
  if (response.kind !== "sampling") return undefined;
  const content = [response.result.content].flat();
  return content.map((block) => (block.type === "text" ? block.text : "")).join("");
}
