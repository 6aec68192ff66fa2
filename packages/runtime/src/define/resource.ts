import type { Awaitable } from "./awaitable.js";
import type { CallContext } from "./context.js";

/** One entry of `resources/list`. */
export interface ResourceEntry {
  uri: string;
  name: string;
  title?: string | undefined;
  description?: string | undefined;
  mimeType?: string | undefined;
  /** Bytes. */
  size?: number | undefined;
}

/** What a read gives: text or bytes, and what is known about it. */
export type ResourceContent = ({ text: string } | { blob: Uint8Array }) & {
  /** Default: the URI that was read. */
  uri?: string | undefined;
  mimeType?: string | undefined;
  meta?: Record<string, unknown> | undefined;
};

/** A stretch of a list: at most `limit` entries after `position`, a JSON value of the resource's own making. */
export interface ListPage {
  readonly position: unknown;
  readonly limit: number;
}

export type Variables = Record<string, string>;

/** A resource, or a family of them under an RFC 6570 template. Give either `uri` or `template`. */
export interface ResourceSpec<Services> {
  name: string;
  title?: string;
  description: string;
  mimeType?: string;
  uri?: string;
  template?: string;
  /** Completions of each template variable. */
  complete?: Record<string, (value: string, context: Services & CallContext, given: Variables) => Awaitable<string[]>>;
  /** Entries for `resources/list`; a fixed `uri` lists itself unless this says otherwise. */
  list?(page: ListPage, context: Services & CallContext): Awaitable<{ entries: ResourceEntry[]; next?: unknown }>;
  read(variables: Variables, context: Services & CallContext): Awaitable<ResourceContent | ResourceContent[]>;
  /** Calls `changed` whenever a subscriber should read again; returns what stops it. */
  watch?(variables: Variables, changed: () => void, context: Services & CallContext): Awaitable<() => void>;
}

export interface Resource extends ResourceSpec<unknown> {
  readonly title: string;
}
