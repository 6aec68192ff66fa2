import { randomBytes, randomUUID } from "node:crypto";
import { type CursorCodec, createCursorCodec, digest, ToolError } from "@mcp-reference/validation";
import {
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
import type { ConfirmQuestion, Question } from "../define/question.js";
import type { Tool } from "../define/tool.js";
import {
  ASK_AGAIN,
  approval,
  declined,
  type Response,
  readForm,
  sampledText,
  showsForms,
  toRequest,
} from "./elicitation.js";
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
  kind: Question["kind"];
  /** Of a confirmation. */
  facts?: unknown;
}

const TTL_SECONDS = 600;
const KEY = "answer";
const tokenContent = z.object({ nonce: z.string(), until: z.number(), facts: z.unknown().optional() });

/**
 * Carries a tool's question to the person or model behind the client and back, in both protocol eras:
 * a first round answers with what is required, a second brings the answer with a signed state that is bound
 * to caller, tool and arguments and can be used once. A client that shows no forms gets a one-time token instead.
 * State and token of a confirmation carry its facts: what is carried out is what was shown.
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

  /**
   * The confirmation that this call brings, by a form or a token: then there is nothing to ask any more.
   * @throws ToolError DECLINED, CONFLICT, INVALID_ARGUMENT
   */
  approved(asked: Asked, context: ServerContext): { answer: unknown } | undefined {
    const state = context.mcpReq.requestState<Bound>();
    if (state === undefined) return this.#redeem(asked);
    if (state.kind !== "confirm") return undefined;
    const { approve } = readForm(approval, this.#answerTo(state, asked, context), asked.tool);
    if (!approve) throw declined(asked.tool);
    return { answer: state.facts };
  }

  /** Puts the tool's question, if this call has one. @throws ToolError DECLINED, CONFLICT, UNSUPPORTED */
  async put(question: Question | undefined, asked: Asked, context: ServerContext): Promise<Asking> {
    const posed = question ?? (this.mode === "always" && this.confirms(asked.tool) ? describeCall(asked) : undefined);
    if (!posed) return { answer: undefined };
    if (posed.kind === "confirm" && !this.#mustConfirm(posed)) return { answer: posed.facts };
    const state = context.mcpReq.requestState<Bound>();
    if (state !== undefined) return { answer: this.#read(posed, state, asked, context) };
    if (posed.kind === "confirm" && !showsForms(asked.capabilities)) throw this.#preview(posed, asked);
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
    const bound: Bound = {
      caller: caller.id,
      tool: tool.name,
      input: digest(input),
      nonce: randomUUID(),
      kind: question.kind,
      ...(question.kind === "confirm" && { facts: question.facts }),
    };
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

  #read(question: Question, state: Bound, asked: Asked, context: ServerContext): unknown {
    const response = this.#answerTo(state, asked, context);
    if (question.kind === "sample") return sampledText(response);
    // The tool has another question now than the one that was answered.
    if (question.kind === "confirm") throw new ToolError("CONFLICT", "what has to be asked has changed", ASK_AGAIN);
    return readForm(question.schema, response, asked.tool);
  }

  /** The client's answer, when it is one to this call and used for the first time. */
  #answerTo(state: Bound, { caller, tool, input }: Asked, context: ServerContext): Response {
    this.#stopReminding(state.nonce);
    if (state.caller !== caller.id || state.tool !== tool.name || state.input !== digest(input)) {
      throw new ToolError("CONFLICT", "the answer belongs to another call", ASK_AGAIN);
    }
    if (!this.#spent.spend(state.nonce)) throw new ToolError("CONFLICT", "this answer was used already", ASK_AGAIN);
    return inputResponse(context.mcpReq.inputResponses, KEY);
  }

  /** One that is expired, spent or foreign is no approval; whether it matters shows when there is a question. */
  #redeem(asked: Asked): { answer: unknown } | undefined {
    if (asked.confirmation === undefined) return undefined;
    try {
      const { nonce, until, facts } = this.#openToken(asked.confirmation, asked);
      return until > Date.now() && this.#spent.spend(nonce) ? { answer: facts } : undefined;
    } catch {
      return undefined;
    }
  }

  /** The refusal that shows what would happen, with a token to go on. @throws ToolError INVALID_ARGUMENT for a foreign one */
  #preview(question: ConfirmQuestion, asked: Asked): ToolError {
    if (asked.confirmation !== undefined) this.#openToken(asked.confirmation, asked);
    const until = Date.now() + TTL_SECONDS * 1000;
    const content = { nonce: randomBytes(6).toString("base64url"), until, facts: question.facts };
    const token = this.#tokens.encode(content, tokenBinding(asked));
    return new ToolError("DECLINED", `nothing was done yet: this needs a confirmation. ${question.text}`, {
      hint: `If the user agrees, call ${asked.tool.name} again with the same arguments and confirmation ${JSON.stringify(token)}`,
      details: { confirmation: token },
    });
  }

  #openToken(token: string, asked: Asked) {
    return this.#tokens.decode(token, tokenBinding(asked), tokenContent, "confirmation");
  }
}

const tokenBinding = ({ caller, tool, input }: Asked) => ({
  caller: caller.id,
  purpose: `confirm ${tool.name} ${digest(input)}`,
});

const describeCall = ({ tool, input }: Asked): ConfirmQuestion => ({
  kind: "confirm",
  text: `Run ${tool.name} with ${JSON.stringify(input).slice(0, 2000)}?`,
  grave: true,
  facts: undefined, // the tool had no question, and gets no answer
});
