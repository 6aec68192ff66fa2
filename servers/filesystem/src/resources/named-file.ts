import path from "node:path";
import { ConfigError, type Resource } from "@mcp-reference/runtime";
import type { PathSandbox } from "@mcp-reference/security";
import type { NamedResource } from "../config.js";
import { resource } from "../define.js";
import { entriesIfAny } from "../listing/read-directory.js";
import { statBehind } from "../listing/stat-behind.js";
import type { Boundary } from "../roots/boundary.js";
import { watchPath } from "../watch/watch-path.js";
import { decodePart, pathOfUri } from "./file-uri.js";
import { readPath } from "./read-path.js";
import { fillPath, isPlainTemplate, matchTemplate, type Variables, variablesIn } from "./uri-template.js";

/** What decides where the file of a named resource is, and whether the caller may have it. */
interface Directories {
  readonly boundary: Pick<Boundary, "sandbox">;
  readonly sandbox: PathSandbox;
}

/**
 * A file, or a family of files, under a URI and a name of its own. It is read like any other: a name opens no door.
 * @throws ConfigError for one that could never be read
 */
export function namedFile(named: NamedResource): Resource {
  check(named);
  const { uri, name, title, description = title ?? name, mimeType } = named;
  const variables = variablesIn(uri);
  return resource({
    name,
    description,
    ...(title !== undefined && { title }),
    ...(mimeType !== undefined && { mimeType }),
    ...(variables.length > 0
      ? {
          template: uri,
          complete: Object.fromEntries(variables.map((variable) => [variable, completer(named, variable)])),
        }
      : { uri, list: (_, services) => listed(named, services) }),
    read: (given, context) => readPath(pathOfNamed(named, given, context), context, mimeType),
    watch: (given, changed, services) => watchPath(services.sandbox, pathOfNamed(named, given, services), changed),
  });
}

/**
 * Path of the file that a named resource stands for. A relative one starts at the first directory of the command line,
 * whatever the caller's roots are; so does the path of a URI that lies in no directory of the command line.
 * @throws ToolError INVALID_ARGUMENT for a variable that would lead to another directory
 */
function pathOfNamed(named: NamedResource, variables: Variables, directories: Directories): string {
  return absolute(fillPath(templateOf(named) ?? "", variables), named, directories);
}

/** Path of the file that a URI stands for by way of a named resource, if it does. */
export function pathOfNamedUri(
  uri: string,
  directories: Directories & { readonly namedResources: readonly NamedResource[] },
): string | undefined {
  for (const named of directories.namedResources) {
    const encoded = matchTemplate(named.uri, uri);
    if (!encoded) continue;
    const variables = Object.entries(encoded).map(([name, value]) => [name, decodePart(value)]);
    return pathOfNamed(named, Object.fromEntries(variables), directories);
  }
  return undefined;
}

const templateOf = ({ path: file, uri }: NamedResource) => file ?? pathOfUri(uri);

function templateIfAny(named: NamedResource): string | undefined {
  try {
    return templateOf(named);
  } catch {
    return undefined;
  }
}

function absolute(file: string, named: NamedResource, { boundary, sandbox }: Directories): string {
  const roots = boundary.sandbox.roots.length > 0 ? boundary.sandbox.roots : sandbox.roots;
  const base = roots[0]?.path ?? "";
  const isInside = roots.some((root) => [root.path, root.alias].some((above) => isBelow(above, file)));
  return named.path === undefined && !isInside ? path.join(base, file) : path.resolve(base, file);
}

function isBelow(directory: string, file: string): boolean {
  const relative = path.relative(directory, file);
  return !path.isAbsolute(relative) && relative.split(path.sep)[0] !== "..";
}

async function listed(named: NamedResource, services: Directories) {
  const { uri, name, title, description, mimeType } = named;
  const stats = await statBehind(services.sandbox, pathOfNamed(named, {}, services));
  const size = stats?.isFile() ? stats.size : undefined;
  return { entries: stats ? [{ uri, name, title, description, mimeType, size }] : [] };
}

/** Offers what a variable is in the names of the files there are. */
function completer(named: NamedResource, variable: string) {
  return async (typed: string, services: Directories): Promise<string[]> => {
    const file = absolute(templateOf(named) ?? "", named, services);
    const directory = path.dirname(file);
    if (variablesIn(directory).length > 0) return [];
    const entries = await entriesIfAny(services.sandbox, directory);
    const values = entries.map(({ name }) => matchTemplate(path.basename(file), name)?.[variable]);
    return [...new Set(values.filter((value) => value?.startsWith(typed)))].filter((value) => value !== undefined);
  };
}

function check(named: NamedResource): void {
  const { uri } = named;
  const problem = (words: string) => new ConfigError(`resources: ${JSON.stringify(uri)} ${words}`);
  if (!/^[a-z][a-z0-9+.-]*:/i.test(uri)) throw problem("is not a URI");
  if (!isPlainTemplate(uri)) throw problem("may have plain variables only, such as {date}");
  const file = templateIfAny(named);
  if (file === undefined) throw problem("needs a path: it is no well-formed file: URI");
  if (!isPlainTemplate(file)) throw problem("has a path with other than plain variables, such as {date}");
  const unknown = variablesIn(file).filter((name) => !variablesIn(uri).includes(name));
  if (unknown.length > 0) throw problem(`has no variable ${unknown.join(", ")} for its path`);
}
