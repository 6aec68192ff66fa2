import { defineServer } from "@mcp-reference/runtime";
import manifest from "../package.json" with { type: "json" };
import { config } from "./config.js";
import { reviewFile } from "./prompts/review-file.js";
import { summarizeDirectory } from "./prompts/summarize-directory.js";
import { summarizeDocument } from "./prompts/summarize-document.js";
import { file } from "./resources/file.js";
import { namedFile } from "./resources/named-file.js";
import { openServices } from "./services.js";
import { applyPatch } from "./tools/apply-patch.js";
import { copyFile } from "./tools/copy-file.js";
import { createDirectory } from "./tools/create-directory.js";
import { deleteFile } from "./tools/delete-file.js";
import { diffFiles } from "./tools/diff-files.js";
import { directoryTree } from "./tools/directory-tree.js";
import { editFile } from "./tools/edit-file.js";
import { getFileInfo } from "./tools/get-file-info.js";
import { listAllowedDirectories } from "./tools/list-allowed-directories.js";
import { listDirectory } from "./tools/list-directory.js";
import { listDirectoryWithSizes } from "./tools/list-directory-with-sizes.js";
import { moveFile } from "./tools/move-file.js";
import { readFile } from "./tools/read-file.js";
import { readMediaFile } from "./tools/read-media-file.js";
import { readMultipleFiles } from "./tools/read-multiple-files.js";
import { readTextFile } from "./tools/read-text-file.js";
import { searchFiles } from "./tools/search-files.js";
import { searchText } from "./tools/search-text.js";
import { writeFile } from "./tools/write-file.js";

export default defineServer({
  name: "filesystem",
  version: manifest.version,
  description: manifest.description,
  instructions:
    "Files inside the allowed directories (list_allowed_directories). Find with search_files and search_text, read with " +
    "read_text_file, change with edit_file or apply_patch; write_file replaces whole files. Large files: read ranges.",
  config,
  open: openServices,
  forCaller: async (services, caller) => ({ ...services, sandbox: await services.boundary.forCaller(caller) }),
  needs: { fs: "roots", network: false, childProcesses: [], workers: true },
  tools: [
    readTextFile,
    readMultipleFiles,
    readMediaFile,
    readFile,
    getFileInfo,
    diffFiles,
    listAllowedDirectories,
    listDirectory,
    listDirectoryWithSizes,
    directoryTree,
    searchFiles,
    searchText,
    writeFile,
    editFile,
    applyPatch,
    createDirectory,
    copyFile,
    moveFile,
    deleteFile,
  ],
  resources: ({ resources }) => [...resources.map(namedFile), file],
  prompts: [summarizeDocument, reviewFile, summarizeDirectory],
});
