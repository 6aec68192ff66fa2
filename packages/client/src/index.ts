export type {
  CallToolResult,
  CompleteRequestParams,
  ElicitResult,
  Progress,
  Prompt,
  ReadResourceResult,
  Resource,
  Tool,
  Transport,
} from "@modelcontextprotocol/client";
export { connect } from "./connect.js";
export type {
  CallOptions,
  CommandTarget,
  ConnectOptions,
  ConnectTarget,
  ElicitHandler,
  Era,
  McpClient,
  Notification,
  SampleHandler,
  Sdk,
} from "./mcp-client.js";
