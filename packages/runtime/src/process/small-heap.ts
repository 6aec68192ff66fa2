import { setFlagsFromString } from "node:v8";

/**
 * Has V8 collect garbage when the heap has grown by 30 %: what a call reads is dropped when it is answered, and where a machine has
 * much memory V8 would let the heap grow fourfold first. V8 looks at this setting before each collection.
 */
export const keepHeapSmall = (): void => setFlagsFromString("--heap-growing-percent=30");
