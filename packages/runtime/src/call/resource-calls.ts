import { type CursorCodec, ToolError } from "@mcp-reference/validation";
import { type ListResourcesResult, type ReadResourceResult, UriTemplate } from "@modelcontextprotocol/server";
import * as z from "zod";
import type { CallContext } from "../define/context.js";
import type { Resource, ResourceContent, ResourceEntry, Variables } from "../define/resource.js";

const PAGE = 100;
const listPosition = z.tuple([z.number().int(), z.unknown()]);

/** Finds the resource that answers for a URI: fixed ones first, then templates in the order they were declared. */
export function findResource(
  resources: readonly Resource[],
  uri: string,
): { resource: Resource; variables: Variables } {
  const fixed = resources.find((resource) => resource.uri === uri);
  if (fixed) return { resource: fixed, variables: {} };
  for (const resource of resources) {
    const match = resource.template === undefined ? null : new UriTemplate(resource.template).match(uri);
    if (match) return { resource, variables: decoded(match) };
  }
  throw new ToolError("NOT_FOUND", `no resource has the URI ${uri}`, {
    hint: "List the resources and templates to see what there is",
  });
}

function decoded(match: Record<string, string | string[]>): Variables {
  try {
    return Object.fromEntries(
      Object.entries(match).map(([name, value]) => [name, decodeURIComponent([value].flat().join())]),
    );
  } catch {
    throw new ToolError("INVALID_ARGUMENT", "the URI is not properly percent-encoded");
  }
}

/** One page over all resources, in order: each lists its own entries, a fixed URI lists itself. */
export async function listResources(
  resources: readonly Resource[],
  cursor: string | undefined,
  context: CallContext,
  cursors: CursorCodec,
): Promise<ListResourcesResult> {
  const bound = { caller: context.caller.id, purpose: "resources/list" };
  let [index, position] = cursor === undefined ? [0, undefined] : cursors.decode(cursor, bound, listPosition);
  const entries: ResourceEntry[] = [];
  while (index < resources.length && entries.length < PAGE) {
    context.signal.throwIfAborted();
    const resource = resources[index] as Resource;
    const page = await entriesOf(resource, position, PAGE - entries.length, context);
    entries.push(...page.entries);
    position = page.next;
    if (position === undefined) index += 1;
  }
  const more = index < resources.length;
  return {
    resources: entries.map(withoutUndefined),
    ...(more && { nextCursor: cursors.encode([index, position ?? null], bound) }),
  };
}

async function entriesOf(resource: Resource, position: unknown, limit: number, context: CallContext) {
  if (resource.list) return resource.list({ position: position ?? undefined, limit }, context);
  if (resource.uri === undefined) return { entries: [], next: undefined };
  const { uri, name, title, description, mimeType } = resource;
  return { entries: [{ uri, name, title, description, mimeType }], next: undefined };
}

/**
 * Reads one resource.
 * @throws ToolError TOO_LARGE above `maxOutput` bytes of text or `maxMedia` bytes of binary content
 */
export async function readResource(
  resources: readonly Resource[],
  uri: string,
  context: CallContext,
): Promise<ReadResourceResult> {
  const { resource, variables } = findResource(resources, uri);
  const contents = [await resource.read(variables, context)].flat();
  return { contents: contents.map((content) => toContents(content, uri, resource, context)) };
}

function toContents(content: ResourceContent, asked: string, resource: Resource, { maxOutput, maxMedia }: CallContext) {
  const bytes = "text" in content ? Buffer.byteLength(content.text) : content.blob.byteLength;
  const allowed = "text" in content ? maxOutput : maxMedia;
  if (bytes > allowed) {
    const hint = "Read a part of it through a tool, or raise --max-output";
    throw new ToolError("TOO_LARGE", `the resource has ${bytes} bytes, more than the ${allowed} allowed`, { hint });
  }
  const mimeType = content.mimeType ?? resource.mimeType;
  const head = {
    uri: content.uri ?? asked,
    ...(mimeType && { mimeType }),
    ...(content.meta && { _meta: content.meta }),
  };
  return "text" in content
    ? { ...head, text: content.text }
    : { ...head, blob: Buffer.from(content.blob).toString("base64") };
}

const withoutUndefined = (entry: ResourceEntry) =>
  Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)) as {
    uri: string;
    name: string;
  };
