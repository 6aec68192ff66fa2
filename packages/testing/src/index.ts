export { connect, type TestConnectOptions } from "./connect.js";
export type { ContractOptions, Example } from "./contract/contract.js";
export { testServer } from "./contract/test-server.js";
export { type Deferred, deferred } from "./deferred.js";
export { errorOf, missingLeaves, type ResultError, textOf } from "./results.js";
export { type Exit, type JsonRpcMessage, type SpawnBinOptions, type SpawnedBin, spawnBin } from "./spawn-bin.js";
export { tempDir } from "./temp-dir.js";
export { type Variant, variants } from "./variants.js";
