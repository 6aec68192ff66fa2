/**
 * Bundles the server in the current folder into `dist/`: `server.cjs` with all that its process runs, `cli.js` which starts
 * that from compiled code, and one file a worker, with the WebAssembly they use. Third-party licences and an SBOM are
 * written beside them. `--analyze` prints what is in each file.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, copyFile, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { analyzeMetafile, type BuildOptions, build, type Metafile, type Plugin } from "esbuild";
import { bundledPackages, licenceNotices, softwareBill } from "./third-party.js";

const OUTDIR = "dist";

const MODULE = {
  outdir: OUTDIR,
  format: "esm",
  // CommonJS has these two; a file of its own, such as WebAssembly, is then looked for beside the bundle.
  define: { __dirname: "import.meta.dirname", __filename: "import.meta.filename" },
} satisfies BuildOptions;

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

const RUNTIME = fileURLToPath(new URL("../packages/runtime/dist/", import.meta.url));

// What src/cli.ts imports comes out of `server.cjs`, which V8 need not compile at each start.
const fromCompiledServer = (name: string, digest: string): Plugin => ({
  name: "from-compiled-server",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(@mcp-reference\/runtime|\.\/index\.js)$/ }, () => ({
      path: "server",
      namespace: "compiled",
    }));
    onLoad({ filter: /^server$/, namespace: "compiled" }, () => ({
      resolveDir: RUNTIME,
      contents: `
        import { runCompiled } from "./process/compiled.js";
        const file = new URL("./server.cjs", import.meta.url);
        export const { runCli, definition } = runCompiled({ file, name: "${name}", build: "${digest}" });
        export default definition;`,
    }));
  },
});

interface Manifest {
  name: string;
  version: string;
  optionalDependencies?: Record<string, string> | undefined;
}

const manifest: Manifest = JSON.parse(await readFile("package.json", "utf8"));
const workers = (await readdir("src")).filter((file) => file.endsWith("-worker.ts"));

await rm(OUTDIR, { recursive: true, force: true });
const bundles = [await bundleServer(), await bundleCli(), ...(await Promise.all(workers.map(bundleWorker)))];
const metafile: Metafile = {
  inputs: Object.assign({}, ...bundles.map(({ inputs }) => inputs)),
  outputs: Object.assign({}, ...bundles.map(({ outputs }) => outputs)),
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
console.log(`${manifest.name}: ${kilobytes(total)} in ${sizes.length} files; ${packages.length} packages bundled`);
if (process.argv.includes("--analyze")) console.log(await analyzeMetafile(metafile));

/** A script, for Node cannot be handed compiled ES modules: see docs/decisions/0009-compiled-code-is-kept.md. */
function bundleServer(): Promise<Metafile> {
  return bundle({
    stdin: {
      contents: 'export { runCli } from "@mcp-reference/runtime"; export { default as definition } from "./index.js";',
      resolveDir: "src",
    },
    outfile: `${OUTDIR}/server.cjs`,
    format: "cjs",
    plugins: [smallSchemaValidator, bundledRequire],
    define: { "import.meta.url": "__moduleUrl" },
    banner: {
      js:
        '(function (exports, require, module, __filename, __dirname) { "use strict"; ' +
        `const __moduleUrl = require("node:url").pathToFileURL(__filename).href; ${NO_JIT}`,
    },
    footer: { js: "})" },
  });
}

async function bundleCli(): Promise<Metafile> {
  const digest = createHash("sha256")
    .update(await readFile(`${OUTDIR}/server.cjs`))
    .digest("hex");
  const name = manifest.name.replace(/^.*\//, "");
  return bundle({ ...MODULE, entryPoints: ["src/cli.ts"], plugins: [fromCompiledServer(name, digest)] });
}

function bundleWorker(file: string): Promise<Metafile> {
  return bundle({
    ...MODULE,
    entryPoints: [`src/${file}`],
    splitting: true,
    plugins: [smallSchemaValidator, bundledRequire],
    banner: { js: `${REQUIRE}${NO_JIT}` },
  });
}

async function bundle(options: BuildOptions): Promise<Metafile> {
  const result = await build({
    ...options,
    bundle: true,
    platform: "node",
    target: "node20.19",
    // Names stay, so that a stack trace in a user's log can be read without a source map.
    minifySyntax: true,
    minifyWhitespace: true,
    external: Object.keys(manifest.optionalDependencies ?? {}),
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  }).catch(() => process.exit(1)); // esbuild has said why
  return result.metafile;
}
