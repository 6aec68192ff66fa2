export { type CursorBinding, type CursorCodec, createCursorCodec, digest } from "./cursor.js";
export { allowPrivateHosts, byteSize, cursor, filePath, limit, lineNumber, textUpTo } from "./fields.js";
export { type ErrorCode, errorCodes, ToolError, type ToolErrorOptions } from "./tool-error.js";
