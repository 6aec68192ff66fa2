import type { ContentBlock } from "@modelcontextprotocol/server";

const kind: unique symbol = Symbol("result kind");

/** Plain text for the model, with a note of its own when it is only a part. */
export interface TextResult {
  readonly [kind]: "text";
  readonly body: string;
  readonly note: string | undefined;
}

/** Content blocks: media, embedded files, links. */
export interface BlocksResult {
  readonly [kind]: "blocks";
  readonly blocks: readonly ContentBlock[];
}

export type HandlerResult = TextResult | BlocksResult | Record<string, unknown>;

/**
 * A text result.
 * @param body exactly what was asked for, so that it can be copied as it is
 * @param note said in a block of its own when `body` is partial: what is missing and how to go on
 */
export const text = (body: string, note?: string | false | undefined): TextResult => ({
  [kind]: "text",
  body,
  note: note || undefined,
});

/** A result of content blocks: {@link image}, {@link audio}, {@link blob}, {@link link}, {@link paragraph}. */
export const blocks = (...content: ContentBlock[]): BlocksResult => ({ [kind]: "blocks", blocks: content });

export const image = (data: Uint8Array, mimeType: string): ContentBlock => ({
  type: "image",
  data: base64(data),
  mimeType,
});

export const audio = (data: Uint8Array, mimeType: string): ContentBlock => ({
  type: "audio",
  data: base64(data),
  mimeType,
});

export const blob = (uri: string, data: Uint8Array, mimeType: string): ContentBlock => ({
  type: "resource",
  resource: { uri, mimeType, blob: base64(data) },
});

export const link = (resource: {
  uri: string;
  name: string;
  description?: string;
  mimeType?: string;
}): ContentBlock => ({
  type: "resource_link",
  ...resource,
});

export const paragraph = (words: string): ContentBlock => ({ type: "text", text: words });

export const isText = (result: HandlerResult): result is TextResult => kind in result && result[kind] === "text";
export const isBlocks = (result: HandlerResult): result is BlocksResult => kind in result && result[kind] === "blocks";

const base64 = (data: Uint8Array) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64");
