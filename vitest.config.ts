import { defineConfig } from "vitest/config";

// Run from a package's folder: that folder is the root, and the results file is a cached output of its `test` task.
export default defineConfig({
  test: {
    include: ["{src,test}/**/*.test.ts", "*.test.ts"],
    reporters: ["default", "json"],
    outputFile: { json: ".cache/test-results.json" },
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
