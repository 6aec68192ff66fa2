import { isBelow, withSlashes } from "../repository/confined/resolved-path.js";

/** Is one resolved path, as the system writes it, the other, or below it? */
export const isInside = (inner: string, outer: string): boolean => isBelow(withSlashes(inner), withSlashes(outer));
