import type { ByteString } from "../bytes/byte-string.js";

const TYPE_MASK = 0o170000;
const SUBMODULE = 0o160000;
const DIRECTORY = 0o040000;
const REGULAR = 0o100000;

/** Are both regular files, or both links, both submodules? */
export const isSameType = (one: number, other: number): boolean => (one & TYPE_MASK) === (other & TYPE_MASK);

export const isRegularFile = (mode: number): boolean => (mode & TYPE_MASK) === REGULAR;
export const isSubmodule = (mode: number): boolean => (mode & TYPE_MASK) === SUBMODULE;
export const isDirectory = (mode: number): boolean => (mode & TYPE_MASK) === DIRECTORY;

/** As git prints it: six octal digits. */
export const modeText = (mode: number): ByteString => mode.toString(8).padStart(6, "0");
