/** Dependencies run one way: validation ← security ← runtime ← servers, client ← testing, testing → runtime. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

/** What each layer may import of our packages and of the SDKs. A package in `tooling` may import any of ours. */
const ALLOWED: Record<string, RegExp> = {
  "packages/validation": /^$/,
  "packages/security": /^@mcp-reference\/validation$/,
  "packages/runtime": /^(@mcp-reference\/(validation|security)|@modelcontextprotocol\/(server|sdk))$/,
  "packages/client": /^@modelcontextprotocol\/(client|sdk)$/,
  "packages/testing": /^(@mcp-reference\/(validation|security|runtime|client)|@modelcontextprotocol\/(client|sdk))$/,
  "a server": /^@mcp-reference\/(validation|security|runtime)$/,
  "a server's tests": /^@mcp-reference\/(validation|security|runtime|testing)$/,
  tooling: /^@mcp-reference\//,
  // Its yardstick is the least that a server on the SDK can be.
  "tooling/bench": /^(@mcp-reference\/|@modelcontextprotocol\/server$)/,
};
const GOVERNED = /^@(mcp-reference|modelcontextprotocol)\/[^/]+/;
const IMPORT = /\b(?:from|import|require)\s*\(?\s*["']([^"'\n]+)["']/g;
const SKIPPED = /(^|[\\/])(node_modules|dist)[\\/]/;

/** One line for each import and each entry of a package.json that breaks the order of the layers. */
export function layerViolations(root: string): string[] {
  const folders = ["packages", "servers", "tooling"].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => `${group}/${name}`),
  );
  return folders
    .filter((folder) => existsSync(join(root, folder, "package.json")))
    .flatMap((folder) =>
      [...declared(join(root, folder)), ...imported(join(root, folder))].flatMap(({ file, specifier, test }) => {
        const layer = layerOf(folder, test);
        return mayImport(layer, file, specifier) ? [] : [`${folder}/${file}: ${layer} may not import ${specifier}`];
      }),
    );
}

function layerOf(folder: string, test: boolean): string {
  if (folder.startsWith("tooling/")) return folder in ALLOWED ? folder : "tooling";
  if (folder.startsWith("servers/")) return test ? "a server's tests" : "a server";
  return folder;
}

function mayImport(layer: string, file: string, specifier: string): boolean {
  if (specifier.startsWith(".")) return !normalize(join(file, "..", specifier)).startsWith("..");
  const governed = GOVERNED.exec(specifier)?.[0];
  return !governed || ALLOWED[layer]?.test(governed) === true;
}

/** `test` marks what is not installed with the package, or not shipped in it. */
function declared(folder: string) {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return ["dependencies", "optionalDependencies", "peerDependencies", "devDependencies"].flatMap((field) =>
    Object.keys(manifest[field] ?? {}).map((specifier) => ({
      file: "package.json",
      specifier,
      test: field === "devDependencies",
    })),
  );
}

function imported(folder: string) {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".ts") && !SKIPPED.test(file))
    .flatMap((file) => {
      const specifiers = [...readFileSync(join(folder, file), "utf8").matchAll(IMPORT)].map(
        ([, specifier = ""]) => specifier,
      );
      const test = /\.(test|fixture)\.ts$/.test(file) || /^test[\\/]/.test(file);
      return specifiers.map((specifier) => ({ file, specifier, test }));
    });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const violations = layerViolations(process.cwd());
  for (const violation of violations) console.error(violation);
  process.exitCode = violations.length > 0 ? 1 : 0;
}
