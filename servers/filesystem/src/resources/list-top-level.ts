import type { Stats } from "node:fs";
import path from "node:path";
import type { ListPage, ResourceEntry } from "@mcp-reference/runtime";
import type { PathSandbox } from "@mcp-reference/security";
import * as z from "zod";
import { entriesIfAny } from "../listing/read-directory.js";
import { statBehind } from "../listing/stat-behind.js";
import type { Services } from "../services.js";
import { mediaTypeByName } from "../text/media-type.js";
import { uriOfPath } from "./file-uri.js";
import { DIRECTORY_TYPE } from "./read-path.js";

/** Path of a root and the last name given there. */
const position = z.tuple([z.string(), z.string()]);
type Position = z.output<typeof position>;

/** A page of the files and directories right below the roots, sorted by name; the template reaches what is deeper. */
export async function listTopLevel(
  page: ListPage,
  { sandbox, namedResources }: Pick<Services, "sandbox" | "namedResources">,
): Promise<{ entries: ResourceEntry[]; next?: Position }> {
  const entries: ResourceEntry[] = [];
  let last: Position | undefined = page.position === undefined ? undefined : position.parse(page.position);
  const named = new Set(namedResources.map(({ uri }) => uri));
  for await (const { entry, at } of topLevel(sandbox, last)) {
    if (named.has(entry.uri)) continue; // listed already, under its own name
    if (last && entries.length === page.limit) return { entries, next: last };
    entries.push(entry);
    last = at;
  }
  return { entries };
}

async function* topLevel(
  sandbox: PathSandbox,
  after: Position | undefined,
): AsyncGenerator<{ entry: ResourceEntry; at: Position }> {
  const [rootPath, lastName = ""] = after ?? [];
  const start = rootPath === undefined ? 0 : sandbox.roots.findIndex(({ path }) => path === rootPath);
  if (start < 0) return; // the client has taken this root back
  for (const root of sandbox.roots.slice(start)) {
    for (const { name } of await entriesIfAny(sandbox, root.path)) {
      if (root.path === rootPath && name <= lastName) continue;
      const absolute = path.join(root.path, name);
      const stats = await statBehind(sandbox, absolute);
      if (stats) yield { entry: await resourceEntry(name, absolute, stats), at: [root.path, name] };
    }
  }
}

async function resourceEntry(name: string, absolute: string, stats: Stats): Promise<ResourceEntry> {
  const uri = uriOfPath(absolute);
  if (stats.isDirectory()) return { uri, name: `${name}/`, mimeType: DIRECTORY_TYPE };
  return { uri, name, mimeType: await mediaTypeByName(name), size: stats.size };
}
