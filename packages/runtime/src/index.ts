export { ConfigError } from "./config/config-error.js";
export { commandOptions, describeOptions, type OptionRow } from "./config/options.js";
export { type SharedConfig, sharedOptions } from "./config/shared.js";
export type { CallContext, Caller } from "./define/context.js";
export { define } from "./define/define.js";
export { deletes, type Effect, type EffectKind, reads, sends, writes } from "./define/effect.js";
export { assistant, attachment, type Prompt, user } from "./define/prompt.js";
export { confirm, form, type Json, type Question, sample } from "./define/question.js";
export type { ListPage, Resource, ResourceContent, ResourceEntry, Variables } from "./define/resource.js";
export { audio, blob, blocks, image, link, paragraph, text } from "./define/result.js";
export {
  defineServer,
  type Needs,
  type OpenContext,
  type OpenServices,
  type ServerDefinition,
} from "./define/server.js";
export type { Tool } from "./define/tool.js";
export { describeServer, type ServerDescription } from "./describe.js";
export { JsonList } from "./output/json-list.js";
export { render } from "./output/render.js";
export type { Logger } from "./process/logs.js";
export { userDataDir } from "./process/user-dirs.js";
export { runCli } from "./run-cli.js";
export { type MemoryOptions, serveInMemory } from "./serve/memory.js";
