import type { ToolError } from "@mcp-reference/validation";
import {
  isInputRequiredResult,
  type McpRequestContext,
  McpServer,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { complete } from "../call/completion-calls.js";
import { toProtocolError } from "../call/errors.js";
import { getPrompt, toWirePrompt } from "../call/prompt-calls.js";
import { listResources, readResource } from "../call/resource-calls.js";
import { callTool } from "../call/tool-calls.js";
import type { CallContext } from "../define/context.js";
import type { EffectKind } from "../define/effect.js";
import type { App } from "./app.js";
import type { Connection } from "./connection.js";
import { pageOf } from "./pages.js";
import { session } from "./watch-table.js";

/**
 * Builds the SDK's server for one connection. `McpServer` is the registry that the SDK's HTTP checks look into;
 * the handlers are ours, so that whatever runs a server's own code goes through the one pipeline.
 */
export function buildInstance(app: App, connection: Connection, era: McpRequestContext["era"]): McpServer {
  const { definition, questions, resources } = app;
  const instance = new McpServer(
    { name: `mcp-server-${definition.name}`, title: definition.title, version: definition.version },
    {
      instructions: definition.instructions,
      capabilities: {
        // Lists stay as they are while a server runs.
        tools: { listChanged: false },
        ...(resources.length > 0 && {
          resources: { listChanged: false, subscribe: resources.some(({ watch }) => watch !== undefined) },
        }),
        ...(app.prompts.length > 0 && { prompts: { listChanged: false } }),
        ...(hasCompletions(app) && { completions: {} }),
      },
      requestState: { verify: questions.verify },
    },
  );
  serveTools(instance, app, connection);
  if (resources.length > 0) serveResources(instance, app, connection);
  if (app.prompts.length > 0) servePrompts(instance, app, connection);
  if (hasCompletions(app)) serveCompletions(instance, app, connection);
  connection.attach(instance, era);
  return instance;
}

const hasCompletions = ({ resources, prompts }: App) => [...resources, ...prompts].some((item) => item.complete);

function serveTools({ server }: McpServer, app: App, connection: Connection): void {
  server.setRequestHandler("tools/list", async ({ params }) => {
    const wire = [...app.tools.values()].map((offered) => offered.wire);
    const { items, nextCursor } = await pageOf(wire, params?.cursor, "tools/list", app, connection);
    return { tools: items, ...nextCursor };
  });
  server.setRequestHandler("tools/call", async (request, context) => {
    const offered = app.tools.get(request.params.name);
    const result = await callTool(offered, request, connection, context, app);
    return isInputRequiredResult(result) ? result : server.projectCallToolResult(result, offered?.wire.outputSchema);
  });
}

function serveResources({ server }: McpServer, app: App, connection: Connection): void {
  const templates = app.resources.flatMap(({ template, name, title, description, mimeType }) =>
    template === undefined ? [] : [{ uriTemplate: template, name, title, description, ...(mimeType && { mimeType }) }],
  );
  server.setRequestHandler("resources/list", ({ params }, request) =>
    run(app, connection, request, { name: "resources/list", args: {} }, (context) =>
      listResources(app.resources, params?.cursor, context, app.cursors),
    ),
  );
  server.setRequestHandler("resources/templates/list", async ({ params }) => {
    const { items, nextCursor } = await pageOf(templates, params?.cursor, "resources/templates/list", app, connection);
    return { resourceTemplates: items, ...nextCursor };
  });
  server.setRequestHandler("resources/read", ({ params: { uri } }, request) =>
    run(app, connection, request, { name: "resources/read", args: { uri }, uri }, (context) =>
      readResource(app.resources, uri, context),
    ),
  );
  server.setRequestHandler("resources/subscribe", async ({ params: { uri } }, request) => {
    await connection.watches
      .subscribe(uri, session, request)
      .catch((error) => Promise.reject(toProtocolError(error, uri)));
    return {};
  });
  server.setRequestHandler("resources/unsubscribe", async ({ params: { uri } }) => {
    connection.watches.unsubscribe(uri, session);
    return {};
  });
}

function servePrompts({ server }: McpServer, app: App, connection: Connection): void {
  const wire = app.prompts.map(toWirePrompt);
  server.setRequestHandler("prompts/list", async ({ params }) => {
    const { items, nextCursor } = await pageOf(wire, params?.cursor, "prompts/list", app, connection);
    return { prompts: items, ...nextCursor };
  });
  server.setRequestHandler("prompts/get", (request, context) => {
    const { name, arguments: args } = request.params;
    return run(app, connection, context, { name, args }, (call) => getPrompt(app.prompts, request, call));
  });
}

function serveCompletions({ server }: McpServer, app: App, connection: Connection): void {
  server.setRequestHandler("completion/complete", (request, context) =>
    run(app, connection, context, { name: "completion/complete", args: request.params }, (call) =>
      complete(app, request, call),
    ),
  );
}

/** The pipeline for what has no error results: its errors become protocol errors. */
async function run<T>(
  app: App,
  connection: Connection,
  request: ServerContext,
  { uri, ...operation }: { name: string; args: unknown; uri?: string },
  work: (context: CallContext) => Promise<T>,
): Promise<T> {
  const effect: EffectKind = "read";
  try {
    return await app.calls.run({ ...operation, effect }, connection, request, work);
  } catch (error) {
    throw toProtocolError(error as ToolError, uri);
  }
}
