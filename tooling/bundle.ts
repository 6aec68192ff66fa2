/**
 * Bundles the server in the current folder into `dist/`: `cli.js`, `index.js`, one file a worker, and chunks that are
 * loaded on demand, with the WebAssembly they use. Third-party licences and an SBOM are written beside them. `--analyze`
 * prints what is in each file.
 */
import { existsSync } from "node:fs";
import { chmod, copyFile, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { analyzeMetafile, build, type Metafile, type Plugin } from "esbuild";
import { bundledPackages, licenceNotices, softwareBill } from "./third-party.js";

const OUTDIR = "dist";

// CommonJS dependencies (pino is one) call `require` for Node's own modules, which an ES module does not have.
const REQUIRE =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

// zod compiles a parser for each schema at its first use, by `new Function`: some 10 ms of every start, and little gain after.
const NO_JIT = "globalThis.__zod_globalConfig ??= { jitless: true };";

// The SDK's default JSON Schema validator is Ajv: 266 kB that take some 15 ms of every start. This is its own small one.
const smallSchemaValidator: Plugin = {
  name: "small-schema-validator",
  setup({ onLoad }) {
    onLoad({ filter: /@modelcontextprotocol\/server\/dist\/shimsNode\.mjs$/ }, ({ path }) => ({
      resolveDir: dirname(path),
      contents: `
        import { CfWorkerJsonSchemaValidator } from "@modelcontextprotocol/server/validators/cf-worker";
        import process from "node:process";
        export { CfWorkerJsonSchemaValidator as DefaultJsonSchemaValidator, process };`,
    }));
  },
};

// A package that is loaded in the middle of a call (pino, with the first line logged) is bundled where esbuild can see it.
const bundledRequire: Plugin = {
  name: "bundled-require",
  setup({ onLoad }) {
    onLoad({ filter: /packages[\\/]\w+[\\/]dist[\\/].*\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      return { contents: source.replaceAll('createRequire(import.meta.url)("', 'require("') };
    });
  },
};

interface Manifest {
  name: string;
  version: string;
  optionalDependencies?: Record<string, string> | undefined;
}

const manifest: Manifest = JSON.parse(await readFile("package.json", "utf8"));
const workers = (await readdir("src")).filter((file) => file.endsWith("-worker.ts"));

await rm(OUTDIR, { recursive: true, force: true });
// A worker is bundled by itself: in one build with the server it would load every chunk that they share.
const metafiles = await Promise.all([bundle(["cli.ts", "index.ts"]), ...workers.map((worker) => bundle([worker]))]);
const metafile: Metafile = {
  inputs: Object.assign({}, ...metafiles.map(({ inputs }) => inputs)),
  outputs: Object.assign({}, ...metafiles.map(({ outputs }) => outputs)),
};

// What emscripten makes reads its WebAssembly beside itself, under its own name.
const modules = Object.keys(metafile.inputs).map((path) => path.replace(/\.[cm]?js$/, ".wasm"));
const assets = modules.filter((path) => path.endsWith(".wasm") && existsSync(path));
await Promise.all(assets.map((path) => copyFile(path, join(OUTDIR, basename(path)))));

const packages = await bundledPackages(metafile);
await writeFile(`${OUTDIR}/THIRD-PARTY-NOTICES.txt`, await licenceNotices(packages));
await writeFile(`${OUTDIR}/sbom.json`, softwareBill(manifest, packages));

const cli = `${OUTDIR}/cli.js`;
if (!(await readFile(cli, "utf8")).startsWith("#!")) throw new Error("src/cli.ts must start with #!/usr/bin/env node");
await chmod(cli, 0o755);

const kilobytes = (bytes: number) => `${Math.round(bytes / 1000)} kB`;
const sizes = [
  ...Object.values(metafile.outputs).map(({ bytes }) => bytes),
  ...(await Promise.all(assets.map(async (path) => (await stat(path)).size))),
];
const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
console.log(
  `${manifest.name}: ${kilobytes(total)} in ${sizes.length} files, ` +
    `${kilobytes(loadedAtStart(metafile.outputs, cli))} of it loaded at start; ${packages.length} packages bundled`,
);
if (process.argv.includes("--analyze")) console.log(await analyzeMetafile(metafile));

async function bundle(entries: string[]): Promise<Metafile> {
  const result = await build({
    entryPoints: entries.map((file) => `src/${file}`),
    outdir: OUTDIR,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    // Names stay, so that a stack trace in a user's log can be read without a source map.
    minifySyntax: true,
    minifyWhitespace: true,
    plugins: [smallSchemaValidator, bundledRequire],
    // CommonJS has these two; a file of its own, such as WebAssembly, is then looked for beside the bundle.
    define: { __dirname: "import.meta.dirname", __filename: "import.meta.filename" },
    external: Object.keys(manifest.optionalDependencies ?? {}),
    banner: { js: `${REQUIRE}${NO_JIT}` },
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  }).catch(() => process.exit(1)); // esbuild has said why
  return result.metafile;
}

/** Bytes of an output and of everything it imports statically. */
function loadedAtStart(outputs: Metafile["outputs"], entry: string, seen = new Set<string>()): number {
  const output = outputs[entry];
  if (!output || seen.has(entry)) return 0;
  seen.add(entry);
  const imports = output.imports.filter(({ kind, external }) => kind === "import-statement" && !external);
  return imports.reduce((sum, { path }) => sum + loadedAtStart(outputs, path, seen), output.bytes);
}
