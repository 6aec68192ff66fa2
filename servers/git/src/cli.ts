#!/usr/bin/env node
import { runCli } from "@mcp-reference/runtime";
import definition from "./index.js";

await runCli(definition);
