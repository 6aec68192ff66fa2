import { textOf } from "../../repository/bytes/byte-string.js";
import type { RefMove } from "./ref-moves.js";

const MOST_SHOWN = 200;
const ABBREVIATED = 10;

/** As the `refMoves` fields have it. */
export function describeMoves(moves: readonly RefMove[]) {
  const refs = moves.slice(0, MOST_SHOWN).map(({ ref, kind, from, to }) => ({
    ref: textOf(ref),
    change: kind,
    ...(from !== undefined && { from: from.slice(0, ABBREVIATED) }),
    ...(to !== undefined && { to: to.slice(0, ABBREVIATED) }),
  }));
  return { refs, ...(moves.length > refs.length && { more_refs: moves.length - refs.length }) };
}
