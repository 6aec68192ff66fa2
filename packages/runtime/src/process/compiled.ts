import { createHash, randomUUID } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { constants, Script } from "node:vm";
import { privateFolder } from "./private-folder.js";
import { keepHeapSmall } from "./small-heap.js";
import { userCacheDir } from "./user-dirs.js";

/** By then a server has answered its first requests, and what that takes is compiled. */
const STARTED_AFTER_MS = 2000;
const DIGEST_BYTES = 32;

/** A script, which is the text of one function with the parameters of a CommonJS module. */
export interface CompiledScript {
  file: URL;
  /** Of the server, for the name of what is kept. */
  name: string;
  /** Tells this build from others. */
  build: string;
}

/**
 * Runs a bundled server with the code that V8 made of it at an earlier start, which saves a third of the start. The code
 * is kept in a folder that only its user can write: whoever writes there runs code in the server. Does without where there
 * is no such folder. (Node keeps compiled ES modules since 22.1, but none that is linked before the first line runs.)
 * @returns what it exports
 */
export function runCompiled({ file, name, build }: CompiledScript): unknown {
  const path = fileURLToPath(file);
  const kept = keptCode(name, build);
  const cachedData = kept?.read();
  const script = new Script(readFileSync(path, "utf8"), {
    filename: path,
    cachedData,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  setTimeout(() => {
    if (kept && (!cachedData || script.cachedDataRejected)) kept.write(script.createCachedData());
    keepHeapSmall(); // not before: V8 takes back no code that was made under other flags
  }, STARTED_AFTER_MS).unref();
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, path, dirname(path));
  return module.exports;
}

/** One file a server, version of Node and processor, so that updates leave nothing behind; undefined without a folder. */
function keptCode(name: string, build: string) {
  const folder = cacheFolder();
  if (folder === undefined) return undefined;
  const path = join(folder, `${name}-${process.version}-${process.arch}`);
  return {
    read(): Buffer | undefined {
      try {
        const bytes = readFileSync(path);
        const code = bytes.subarray(DIGEST_BYTES);
        return digest(build, code).equals(bytes.subarray(0, DIGEST_BYTES)) ? code : undefined;
      } catch {
        return undefined; // the first start
      }
    },
    /** Renamed into its place: another process may be reading. */
    write(code: Buffer): void {
      const draft = `${path}.${randomUUID()}`;
      try {
        writeFileSync(draft, Buffer.concat([digest(build, code), code]), { mode: 0o600, flag: "wx" });
        renameSync(draft, path);
      } catch {
        rmSync(draft, { force: true }); // a full disk: the next start tries again
      }
    },
  };
}

function cacheFolder(): string | undefined {
  try {
    return privateFolder(join(userCacheDir(), "mcp-reference", "compiled"));
  } catch {
    return undefined; // no home, or a read-only disk
  }
}

/** V8 knows code of another version or with other options, but runs any that was damaged. */
const digest = (build: string, code: Buffer) => createHash("sha256").update(build).update(code).digest();
