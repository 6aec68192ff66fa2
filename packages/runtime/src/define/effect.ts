/** What a call does to the world; tools declare it once and everything else follows from it. */
export type EffectKind = "read" | "write" | "delete" | "send";

export interface Effect {
  readonly kind: EffectKind;
  /** All four MCP hints, so that no client has to assume one. */
  readonly hints: {
    readOnlyHint: boolean;
    destructiveHint: boolean;
    idempotentHint: boolean;
    openWorldHint: boolean;
  };
}

interface Qualifiers {
  /** Reaches systems whose content strangers can change. */
  openWorld?: boolean;
  /** A second identical call changes nothing more. */
  idempotent?: boolean;
  /** Can lose what was there before. */
  destructive?: boolean;
}

const effect = (kind: EffectKind, { openWorld = false, idempotent = false, destructive = false }: Qualifiers) => ({
  kind,
  hints: {
    readOnlyHint: kind === "read",
    destructiveHint: destructive,
    idempotentHint: idempotent,
    openWorldHint: openWorld,
  },
});

/** Changes nothing: offered under `--read-only`. */
export const reads = (qualifiers: Qualifiers = {}): Effect => effect("read", { idempotent: true, ...qualifiers });

/** Adds or changes something. */
export const writes = (qualifiers: Qualifiers = {}): Effect => effect("write", qualifiers);

/** Removes something for good. */
export const deletes = (qualifiers: Qualifiers = {}): Effect => effect("delete", { destructive: true, ...qualifiers });

/** Tells somebody something; it cannot be taken back. */
export const sends = (qualifiers: Qualifiers = {}): Effect => effect("send", { openWorld: true, ...qualifiers });
