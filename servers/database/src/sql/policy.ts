import type { MaskRule } from "./masks.js";

export interface GatePolicy {
  /** `schema.name` of functions that may run although they may do more than read. */
  allowFunctions: readonly string[];
  masks: readonly MaskRule[];
}
