import type { Era, Sdk } from "@mcp-reference/client";

export interface Variant {
  /** For the title of a test. */
  readonly variant: string;
  readonly sdk: Sdk;
  readonly era: Era;
}

/** Every kind of client a server meets, for `describe.each`. */
export const variants: readonly Variant[] = [
  { variant: "v1", sdk: "v1", era: "2025" },
  { variant: "v2 in the 2025 era", sdk: "v2", era: "2025" },
  { variant: "v2 in the 2026 era", sdk: "v2", era: "2026" },
];
