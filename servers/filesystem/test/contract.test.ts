import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { testServer } from "@mcp-reference/testing";
import definition from "../src/index.js";

/** A file to work on, and its path. */
async function sample(dir: string): Promise<string> {
  const path = join(dir, "sample.txt");
  await writeFile(path, "one\ntwo\n");
  return path;
}

testServer(definition, {
  bin: new URL("../dist/cli.js", import.meta.url),
  toolsDir: new URL("../src/tools/", import.meta.url),
  args: (dir) => [dir],
  listBudgetBytes: 12 * 1024,
  examples: {
    apply_patch: async (dir) => {
      await sample(dir);
      return { patch: "--- a/sample.txt\n+++ b/sample.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n" };
    },
    copy_file: async (dir) => ({ source: await sample(dir), destination: join(dir, "copy.txt") }),
    create_directory: (dir) => ({ path: join(dir, "new/deep") }),
    delete_file: async (dir) => ({ path: await sample(dir) }),
    get_file_info: async (dir) => ({ paths: [await sample(dir), join(dir, "absent")], hash: "sha256" }),
    list_allowed_directories: {},
    move_file: async (dir) => ({ source: await sample(dir), destination: join(dir, "moved.txt") }),
    write_file: (dir) => ({ path: join(dir, "new.txt"), content: "text" }),
    list_directory: async (dir) => {
      await sample(dir);
      return { path: dir };
    },
    search_text: async (dir) => {
      await sample(dir);
      return { path: dir, pattern: "two" };
    },
  },
});
